"""What the admin's templates say as the pages do."""

from django import template

from ..locales import thousands
from ..wording.archive import date_time, date_words, moment_time
from ..wording.takedowns import reason_words, step_words
from ..wording.versions import fact_words

register = template.Library()
register.filter(thousands)
register.filter(moment_time)
register.filter(date_time)
register.filter(date_words)
register.filter(fact_words)
register.filter(reason_words)
register.filter(step_words)
