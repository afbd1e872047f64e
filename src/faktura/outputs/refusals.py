"""What is wrong with a value, in a plain English sentence: for whoever types a command, and for agents."""

from collections.abc import Mapping

from faktura.core.errors import Code, Problem


def sentence(problem: Problem) -> str:
    """What follows the name of the attribute."""
    said = _WRONG.get(problem.code, problem.code.replace("_", " "))
    return said.format(limit=problem.limit, number=problem.number)


_WRONG: Mapping[Code, str] = {
    "blank": "cannot be empty",
    "too_long": "has more than {limit} letters",
    "too_large": "is too large",
    "malformed": "is not written as it must be",
    "malformed_email": "is no e-mail address",
    "not_in_list": "is none of those that there are",
    "taken": "is taken already; choose another",
    "immutable": "cannot be changed",
    "in_future": "is a day that is still to come",
    "relied_on": "cannot be changed any more, because number {number} rests on it",
    "not_positive": "must be greater than 0",
    "more_than_left": "is more than what is left of the document",
    "not_together": "contradicts what was said beside it",
    "number_used": "was given out already; the next one must be higher",
    "files_too_large": "has more than {limit} MB",
    "not_a_picture": "is no picture that can be read: choose a PNG or a JPEG file",
    "too_many_points": "has too many points: save it smaller",
    "reserved": "is an address of the server itself; choose another",
    "has_ended": "is no longer valid: its last day is over",
    "wrong_check_digit": "has a digit wrong: its check digits do not fit the others",
    "unknown_bank": "names no bank that there is: look at the code after the slash",
    "without_counter": "lacks the counter, such as #dddd#, which has to be there once",
    "without_year": "lacks the year, #yyyy# or #yy#, without which next year's numbers would be there already",
    "not_confirmed": "has to be confirmed, since the customer has the document already",
}
