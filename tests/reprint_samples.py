"""Texts of which a reader says at once whether they are printings of one story; all are invented."""

from __future__ import annotations

import random
import string
from typing import NamedTuple

NAMES = "Marsh Crake Tallow Strand Garrick Pell Orme Lydd Quern Hale Brook Finch Rudd Tate Vane Moss Kerr Dunn".split()
HALLS = "Town Hall|Reading Room|Corn Exchange|Lower School|Drill Hall|Assembly Rooms|Old Chapel|Tithe Barn".split("|")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday".split()
MONTHS = "January February March April May June July August September October November December".split()
WINDS = "north|east|south-west|west|north-east|variable".split("|")
SEAS = "smooth|slight|moderate|rough|heavy|calm".split("|")

BRIDGE = """The new bridge over the Wem was opened on Saturday by the Mayor, Mr. Josiah Tallow, before some nine \
thousand people, who had stood since daybreak on both banks.

The first to cross was the ferryman Abel Strand, aged seventy-one, who had rowed the passage for \
forty-four years and who said that he would not have believed it. He was cheered the whole way and had \
to stop twice to wipe his eyes.

The work was begun in the spring of 1923 and cost £41,300, of which the county bears a third. The iron \
came by barge from the Garrick works, and the stone from the old quarry at Lydd Hill, which was opened \
again for the purpose.

The toll is one penny for a person and sixpence for a cart. Schoolchildren go free until the end of the \
year, by a vote of the council that was carried against the wishes of the treasurer.

In the evening there were lamps along the whole parapet. A man fell from the third pier into the river \
and was taken out again unharmed by two of the workmen, who had brought a boat for that very purpose.

The ferry makes its last passage on Thursday at noon. What is to become of the boat is not settled; the \
museum has asked for it, and so has the ferryman."""
FIRE = """A fire in the rope works on Tannery Lane on Monday night destroyed the long shed and everything in it. \
Nobody was hurt. The brigade had two engines there within a quarter of an hour and kept the flames from \
the houses behind. The night watchman, Peter Crake, saw smoke at 11.10 and rang the bell. He then went \
back in and led out the horses."""
# The news of the bridge in another language.
BRÜCKE = """Die neue Brücke über die Wem wurde am Samstag vom Bürgermeister, Herrn Josiah Tallow, vor etwa \
neuntausend Menschen eröffnet, die seit Tagesanbruch an beiden Ufern gestanden hatten. Als Erster ging \
der Fährmann Abel Strand hinüber, einundsiebzig Jahre alt, der vierundvierzig Jahre lang gerudert hatte \
und sagte, er hätte es nicht geglaubt."""
LEAD = """Readers of this paper will hear with pleasure, after so many years of talk at the Corn Exchange, what \
our own people have long expected and what the carters of Osterby prayed for; we have it from our \
friends across the water."""
FOOT = """Letters for this column are to be sent to the Editor at 4 Quay Street, with the name and address of the \
writer, not for publication but as a sign of good faith. Letters of more than three hundred words may be \
cut. We cannot return what is not printed, nor can we answer by post."""
COLUMNS = (
    """Bees want nothing done to them in June. Lift no lid that need not be lifted. A swarm that hangs in the \
hedge goes into a straw skep at dusk, and a sheet below it keeps the queen from the grass. Feed none \
that has clover near.""",
    """The potatoes should be earthed up before the week is out, and watered in the evening only. Of peas sow a \
last row now. Slugs are taken by lamplight, and a board laid down between the lettuces will gather them \
without trouble.""",
)
FORMS = {
    "weather": """\
Weather report from the harbour office. Wind {wind}, force {1}. Sea {sea}. Highest temperature {2} \
degrees, lowest {3} degrees. Rain in the last day {4} millimetres. High water at {5}. Boats are reminded \
to show a lamp at the mole after dark and to report to the harbour office before they sail.""",
    "match": """\
{name} Rovers {1}, {other} Albion {2}. Played at the {hall} ground before {3} hundred people. The home \
side kicked off and pressed from the start. {third} scored after {4} minutes. After the interval the \
visitors came more into the game, but the defence held. The next match is on {day} at the same ground; \
kick-off at three.""",
    "council": """\
The council meets on {day} {1} {month} at {2} in the {hall}. The agenda lies open at the office from the \
day before. Residents who wish to speak give their names to the clerk in writing not later than noon; \
each may speak for three minutes. The meeting is public. Those who cannot climb the stairs are asked to \
ring the bell at the side door.""",
    "funeral": """\
{name}. On the {1} of {month}, at {2} Quay Street, Ann, beloved wife of {other} {name}, aged {3} years. \
The funeral leaves the house on {day} at {4} for the {hall}. Friends will please accept this as the only \
intimation. No flowers, by request. Deeply mourned by the family and by all who knew the deceased.""",
    "prices": """\
Fish market. Landed at the Lower Quay on {day}: herring {1} crates, mackerel {2} crates, cod {3} crates. \
Herring sold at {4} shillings the crate, mackerel at {5} shillings. The market opens at six in the \
morning and closes when all is sold; buyers need a ticket of the harbour office, which is had at the \
gate.""",
}


class Pair(NamedTuple):
    """Two texts with the sources and dates that they are of."""

    one: str
    other: str
    sources: tuple[str, str] = ("The Mercury", "The Star")
    dates: tuple[str, str] = ("1926-06-12", "1926-06-14")


OWN = ("The Mercury", "The Mercury")
NEXT_WEEK = ("1926-06-12", "1926-06-19")


def filled(form: str, chance: random.Random) -> str:
    """A form as it is filled in on some day."""
    numbers = chance.sample(range(1, 98), 6)
    name, other, third = chance.sample(NAMES, 3)
    lists = {"wind": WINDS, "sea": SEAS, "hall": HALLS, "day": DAYS, "month": MONTHS}
    words = {field: chance.choice(choices) for field, choices in lists.items()}
    return FORMS[form].format(*numbers, name=name, other=other, third=third, **words)


def misread(text: str, share: float, chance: random.Random) -> str:
    """The text with this share of its letters taken for other ones."""
    letters = string.ascii_lowercase
    return "".join(chance.choice(letters) if c.isalpha() and chance.random() < share else c for c in text)


def report(chance: random.Random) -> str:
    """A report of some hundred and fifty to four hundred words in paragraphs, whose sentences no other has."""
    return "\n\n".join(
        " ".join(_sentence(chance) for _ in range(chance.randrange(2, 5))) for _ in range(chance.randrange(5, 9))
    )


def _sentence(chance: random.Random) -> str:
    words = [_word(chance) for _ in range(chance.randrange(9, 17))]
    words[chance.randrange(1, len(words))] = chance.choice([chance.choice(NAMES), str(chance.randrange(3, 400))])
    return " ".join(words).capitalize() + "."


def _word(chance: random.Random) -> str:
    """A word that is common, or one of some thousands."""
    if chance.random() < 0.4:
        return chance.choice("the of and to in a that was for on with at by had it from not were his as which".split())
    return "".join(chance.choice(("bra", "ne", "tol", "mi", "ker", "su", "dan", "fo", "li", "pre")) for _ in range(3))


def cut(text: str, share: float) -> str:
    """The first paragraphs of a text, about this share of them."""
    paragraphs = text.split("\n\n")
    return "\n\n".join(paragraphs[: round(len(paragraphs) * share)])


def without(text: str, number: int) -> str:
    paragraphs = text.split("\n\n")
    return "\n\n".join(paragraphs[:number] + paragraphs[number + 1 :])


_ANY = random.Random(7)
REPRINTS = {
    "the same text": Pair(FIRE, FIRE),
    "the same text a year later": Pair(BRIDGE, BRIDGE, OWN, ("1926-06-12", "1927-06-12")),
    "of unknown source and date": Pair(BRIDGE, BRIDGE, ("", ""), ("", "")),
    "cut from the bottom": Pair(BRIDGE, cut(BRIDGE, 0.5)),
    "a paragraph left out": Pair(BRIDGE, without(BRIDGE, 2)),
    "under another headline and dateline": Pair(BRIDGE, f"BRIDGE AT LAST. Osterby, Monday. {BRIDGE}"),
    "from an agency, with a lead of its own": Pair(BRIDGE, f"{LEAD}\n\n{BRIDGE}"),
    "the same, cut": Pair(BRIDGE, f"{LEAD}\n\n{cut(BRIDGE, 0.7)}"),
    "with a sum corrected": Pair(BRIDGE, BRIDGE.replace("£41,300", "£43,100"), OWN, ("1926-06-12", "1926-06-13")),
    "a short one with a time corrected": Pair(FIRE, FIRE.replace("11.10", "12.05"), OWN, ("1926-06-12", "1926-06-13")),
    "with its days told otherwise": Pair(
        BRIDGE, BRIDGE.replace("on Saturday", "yesterday").replace("Thursday", "June 17")
    ),
    "with one letter in 50 misread": Pair(BRIDGE, misread(BRIDGE, 0.02, _ANY)),
    "with one letter in 20 misread": Pair(BRIDGE, misread(BRIDGE, 0.05, _ANY)),
    "broken into other lines": Pair(BRIDGE, BRIDGE.replace(", ", ",\n")),
}
OTHERS = (
    {
        "a translation": Pair(BRIDGE, BRÜCKE),
        "other news of the same day": Pair(BRIDGE, FIRE),
        "a column with its usual foot": Pair(*(f"{column}\n\n{FOOT}" for column in COLUMNS), OWN, NEXT_WEEK),
        "a note within a round-up": Pair(FIRE, "\n\n".join([FIRE, *COLUMNS, LEAD, FOOT])),
        "a notice of which one day differs": Pair(
            FORMS["council"].format("", 4, 19, day="Tuesday", month="May", hall="Town Hall"),
            FORMS["council"].format("", 4, 19, day="Tuesday", month="June", hall="Town Hall"),
            OWN,
            NEXT_WEEK,
        ),
    }
    | {f"the {form} of another day": Pair(filled(form, _ANY), filled(form, _ANY), OWN, NEXT_WEEK) for form in FORMS}
    | {f"the {form} of unknown day": Pair(filled(form, _ANY), filled(form, _ANY), ("", ""), ("", "")) for form in FORMS}
)
