"""The names of months and weekdays, and the digits, in the languages that dates are read in."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What is printed begins with Gutenberg; a number outside of these years is not a year.
FIRST_YEAR, LAST_YEAR = 1450, 2199

_MONTHS = """
    january february march april may june july august september october november december
    jan feb mar apr may jun jul aug sep oct nov dec
    jan feb mar apr may jun jul aug sept oct nov dec
    januar februar märz april mai juni juli august september oktober november dezember
    jän feb mrz apr mai jun jul aug sep okt nov dez
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    janv févr mars avr mai juin juil août sept oct nov déc
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    ene feb mar abr may jun jul ago set oct nov dic
    janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    januari februari maart april mei juni juli augustus september oktober november december
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    january february march april may june july august septemb octob novemb decemb
    ianuary february march aprill may iune iuly august septembr octobr novembr decembr
    janu febr march apr maij juny julij aug septemb octob novemb decemb
    januarii februarii martii aprilis maii junii julii augusti septembris octobris novembris decembris
    jänner feber märz april mai juni juli august september oktober november dezember
    januar februar marts april maj juni juli august september oktober november desember
    januari februari mars april maj juni juli augusti september oktober november december
    januari februari maret april mei juni juli agustus september oktober november desember
    janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
    stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
    ledna února března dubna května června července srpna září října listopadu prosince
    január február március április május június július augusztus szeptember október november december
    ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
    gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
    ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
    январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
    січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
    ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
    ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر
    يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
    جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
    كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول
"""
_FINNISH = "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu "
MONTH_NUMBER: dict[str, int] = {}
for _line in (*_MONTHS.strip().splitlines(), _FINNISH.replace(" ", "kuuta ")):
    for _number, _name in enumerate(_line.split(), start=1):
        # The language that stands first has the say.
        MONTH_NUMBER.setdefault(_name.replace("_", " "), _number)

_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonntag
    mon tue wed thu fri sat sun
    lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles jueves viernes sábado domingo
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
"""
WEEKDAY_NUMBER = {name: number for line in _WEEKDAYS.strip().splitlines() for number, name in enumerate(line.split())}


def any_of(names: Sequence[str]) -> str:

    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


# One character for one, so that places in the text stay. The long s is one too.
EVENED = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９ſ", "012345678901234567890123456789s")
