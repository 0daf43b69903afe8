"""Questions to the demo archive, and what a reader who knows its articles expects to find.

A title that ends in … stands for all that begins so.
"""

from __future__ import annotations

from dataclasses import dataclass

PATIENCE = "Last Crossing of the Patience"
FERRY = "The Ferry Ends Her Work"
RETURN = "Ferry to return to the Orle…"
WHALE = "A Whale in the Orle"
IDLE = "Four Thousand Idle, by Order of a Whale"
INSPECTED = "The Bridge Inspected by a Whale"
BARRIER = "Barrier closed at 22.37…"
STURGEON = "A Sturgeon at the Weighhouse"
FOUND = "Found on the Bridge"
LEFT = "She Said to Look to the Left of the Gas-works"
JERSEY = "The Woman in the Darned Jersey"
UPSTAIRS = "The Night the River Came Upstairs"
SEARCHABLE = "A century of the valley’s news…"
NINETEEN = "Diecinueve minutos"
UMBRELLAS = "Veintidós paraguas"
NO_RIVER = "El pueblo sin río"
ADELHEID = "Weihnachten auf der „Adelheid“"
WALL = "Hundert Jahre an derselben Mauer"
THREE_DAYS = "Zweiundfünfzig Jahre für drei Tage"
CALLOUX = "Le pont de M. Calloux"
CHAPEAU = "Deux ponts et un chapeau"
CACHALOT = "Une petite fille qui disait « cachalot »"
WAITING = "Ceux qui attendent"
BUNS = "To Make Quay Buns"
OPEN = "The Bridge Is Open"
BILL = "The Bridge Bill Passed"
ORLE = "A Bridge Over the Orle"
FERRYMAN = "The Ferryman’s Case"
COMET = "A New Comet Found at Wether Hill"
NIGHT_SKY = "The Night Sky"
LAMPS = "The Lamps Under the River"
LIBRARY = "The Free Library Opened"
SEVENTH = "The Seventh Week"


@dataclass(frozen=True)
class Golden:
    """What is typed, what the address says besides it, and the answer.

    `first` are the first results in their order, `page` the titles of the whole page in any order. `total` counts
    articles, `listed` results, where printings of a story make them fewer. `shows` stands in the first result, with its
    marks: in its title or its passage.
    """

    typed: str
    total: int
    first: tuple[str, ...] = ()
    page: frozenset[str] = frozenset()
    listed: int | None = None
    shows: str = ""
    besides: str = ""

    def __str__(self) -> str:
        return f"{self.typed} {self.besides}".strip()


def of(*titles: str) -> frozenset[str]:
    """The results of a page, where their order is not certain."""
    return frozenset(titles)


QUESTIONS = (
    # Words, and the forms of them.
    Golden("samphire", 1, (BARRIER,), shows="you can see a fringe of <mark>samphire</mark>."),
    Golden("swans", 3, ("Swans First",), of("Swans First", BILL, FERRYMAN), shows="by a <mark>swan</mark> and"),
    Golden("whale", 6, (WHALE,), of(WHALE, WAITING, LIBRARY), listed=3, shows="A <mark>Whale</mark> in the Orle"),
    Golden("penny AND toll receipt", 1, ("Whole Again",), shows="<mark>toll</mark> at two pence"),
    Golden("marchbank sturgeon", 0),
    # Phrases, whichever marks they stand in; no word is too common.
    Golden("“by the time you read this”", 1, (FOUND,), shows="beginning “<mark>By the time you read this</mark>,”"),
    Golden('"night sky"', 4, (NIGHT_SKY,), shows="The <mark>Night Sky</mark>"),
    Golden("„to be“", 42, ("The Dome on Wether Hill to Be Shut",), listed=39, shows="<mark>to Be</mark>"),
    Golden('"to be or not to be"', 0),
    # Without, or, brackets.
    Golden("=ferry -bridge", 7, ("What the Ferry Was", RETURN), shows="What the <mark>Ferry</mark> Was"),
    Golden("swans NOT toll", 1, (FERRYMAN,), shows="a clause in it about <mark>swans</mark>"),
    Golden("-lang:en", 19, (NINETEEN,)),
    Golden("sturgeon OR samphire", 2, (STURGEON, BARRIER), shows="A <mark>sturgeon</mark> of seven feet"),
    Golden("(sturgeon | swans) weighhouse", 2, (STURGEON, FERRYMAN), shows="at the <mark>Weighhouse</mark>"),
    Golden("flood OR ice lamp", 5, (LAMPS,), shows="saw a <mark>lamp</mark>-post"),
    # Where the word stands.
    Golden("title:ferry", 3, page=of("What the Ferry Was", FERRY, RETURN), shows="<mark>Ferry</mark>"),
    Golden("title:(bridge OR ponts) -body:toll", 4, page=of(CALLOUX, CHAPEAU, "The Bridge’s Tune", INSPECTED)),
    Golden("body:palimpsest", 1, (SEARCHABLE,), shows="never had a <mark>palimpsest</mark>."),
    Golden("caption:calloux", 1, (OPEN,), shows="the straw hat is M. <mark>Calloux</mark>"),
    Golden('caption:"quern tablet"', 1, ("The 4.15 to Quern",), shows="hands up the <mark>Quern tablet</mark> for"),
    # Filed under.
    Golden("by:fell coronet", 2, ("The Coronet Destroyed by Fire", OPEN), shows="The <mark>Coronet</mark>"),
    Golden("by:“Leila Sha’bani” lang:en", 2, page=of(JERSEY, BARRIER)),
    Golden("source:mercury goat", 1, (OPEN,), shows="377 motor vehicles and a <mark>goat</mark>."),
    Golden('source:"The Osterby Star" strike', 5, ("The Tally", SEVENTH)),
    Golden("section:obituaries", 2, page=of("Hester Lindqvist", "Ida Marchbank")),
    Golden('tag:"Halvern, Lower Quay" bell', 5, ("Bells on Both Banks",), shows="<mark>Bells</mark> on Both Banks"),
    Golden("tag:floods title:river", 2, page=of(LAMPS, UPSTAIRS), shows="<mark>River</mark>"),
    Golden("lang:german müllner", 3, page=of(ADELHEID, THREE_DAYS, WALL), shows="<mark>Müllner</mark>"),
    Golden("lang:chinese", 4, page=of("下碼頭的元宵", "七十八年后的三十二盏灯", "每一行都有人读过", "玉壶茶室启事")),
    Golden("lang:zh-hant", 1, ("下碼頭的元宵",)),
    Golden("place:arenal", 4, page=of("Carta de Puerto Arenal", UMBRELLAS, NO_RIVER, NINETEEN)),
    Golden("has:correction", 1, (COMET,)),
    Golden("has:image comet lang:en", 3, (LEFT, JERSEY, UPSTAIRS), shows="<mark>Comet</mark>"),
    Golden("-has:date", 5, page=of("What the Ferry Was", FOUND, BUNS, "玉壶茶室启事", "How to read the Weigh…")),
    # When.
    Golden("date:1926", 4, (CALLOUX, FERRY, OPEN), listed=3),
    Golden("date:1926-06-14", 2, page=of(OPEN, PATIENCE)),
    Golden("date:1932-04..1932-06", 4, ("The Quay at Work Again", SEVENTH, "The Tally", "The Port at a Standstill")),
    Golden("before:1912", 3, (STURGEON, FERRYMAN, ORLE)),
    Golden("after:2024", 2, (NINETEEN, SEARCHABLE)),
    # Near and often.
    Golden("surveyor near/15 mushroom", 1, (ORLE,), shows="like a <mark>mushroom</mark>"),
    Golden("surveyor near/9 mushroom", 0),
    Golden("atleast5:whale", 4, (IDLE,), listed=1, shows="to let the <mark>whale</mark> go by"),
    Golden("atleast3:“the lamp”", 1, (UPSTAIRS,), shows="<mark>The lamp</mark> over the door"),
    # Other spellings.
    Golden("sturg*", 1, (STURGEON,), shows="A <mark>Sturgeon</mark> at the Weighhouse"),
    Golden("sam?hire", 1, (BARRIER,), shows="<mark>samphire</mark>"),
    Golden("*walnut", 1, (BUNS,), shows="the size of a <mark>walnut</mark>"),
    Golden("palimsest~", 1, (SEARCHABLE,), shows="<mark>palimpsest</mark>"),
    Golden("=whale", 5, (WHALE, WAITING), listed=2, shows="A <mark>Whale</mark> in the Orle"),
    Golden("=“whale in the orle”", 1, (WHALE,), shows="A <mark>Whale in the Orle</mark>"),
    Golden("lamps", 12, (LAMPS,), listed=10, shows="The <mark>Lamps</mark> Under", besides="exact=1"),
    # Accents and apostrophes.
    Golden("Sha'bani", 15, shows="<mark>Sha’bani</mark>"),
    Golden("shabani -sha’bani", 0),
    Golden("mullner cafe bread", 1, (BUNS,), shows="Karl <mark>Müllner’s</mark> first customers"),
    Golden("Etienne", 2, (BILL,), shows="M. <mark>Étienne</mark> Calloux"),
    # Other languages and scripts.
    Golden("بحر", 3, ("رسالة إلى أخي في البحر",), shows="<mark>البحر</mark>"),
    Golden("元宵", 2, ("下碼頭的元宵", "七十八年后的三十二盏灯"), shows="下碼頭的<mark>元宵</mark>"),
    Golden("tag:华侨 燈", 1, ("下碼頭的元宵",), shows="<mark>燈</mark>"),
    Golden("pont chapeau", 3, (CHAPEAU, CALLOUX, CACHALOT), shows="Deux <mark>ponts</mark> et un <mark>chapeau</mark>"),
    Golden("eau lang:fr", 2, page=of(CALLOUX, CHAPEAU), shows="<mark>l’eau</mark>"),
    Golden("weihnachtsfest kreide", 1, (ADELHEID,), shows="das zweite <mark>Weihnachtsfest</mark> an derselben"),
    Golden("botella lluvias", 3, page=of(NO_RIVER, UMBRELLAS, NINETEEN), shows="<mark>botella</mark>"),
    # Printings of one story, each by itself.
    Golden("whale", 6, (WHALE, INSPECTED, IDLE), shows="<mark>Whale</mark>", besides="apart=1"),
    # Narrowed by several values, and without some.
    Golden("whale", 3, (IDLE, WAITING), listed=2, besides="source=the-osterby-star&source=the-harbour-lantern"),
    Golden("comet", 2, (COMET, NIGHT_SKY), besides="year=1934&year=1936"),
    Golden("whale", 1, (LIBRARY,), besides="tag=library&section=-from-abroad"),
    Golden("ferry", 2, (ORLE, FERRYMAN), besides="to=1911-12"),
    Golden("", 4, besides="known=inferred", page=of("The Tally", "Two Houses, Would Suit a Giant",
           "Notice to Those Who Have Lost Their Papers", "Drowned farm at Quern gives up a plant thought lost")),
    # Orders, and a deep page.
    Golden("swans", 3, (FERRYMAN, BILL, "Swans First"), besides="sort=oldest"),
    Golden("swans", 3, ("Swans First", BILL, FERRYMAN), besides="sort=newest"),
    Golden("", 100, ("Every School in Halvern Closed",), listed=94, besides="page=9"),
)  # fmt: skip
