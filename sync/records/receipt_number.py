"""收件号: the number a station gives an application with no network, never twice.

    990281101201 250731 01 0007 G      place, day, device, serial, check character
                        01-0007-G      as it is read aloud at the station

Two writers never share a device code of one station and day, so no one needs to be asked; the
check character (MOD 37,36) catches a wrong digit read over the telephone. Who may use which device code, and which
serial comes next, is the ledger's business.

Must not know: where serials are counted, or what time it is.
"""

from datetime import date
from itertools import product

from sync.errors import BadRequest
from sync.messages import _
from sync.records.check_digits import mod_37_36
from sync.records.regions import parse_region
from sync.records.typed_text import narrow_number
from sync.typed import Value

LAST_SERIAL = 9999  # four digits; a village takes 2 to 15 cases a day
_LENGTH = 25
LIKE = {"O": "0", "0": "O", "I": "1", "1": "I"}  # what no eye tells apart on paper
_END = 7  # device, serial, check character: what is read aloud
_CENTURY = 2000  # the number has room for two digits of the year


class ReceiptNumber(Value):
    """A receipt number taken apart.

    region_code  12 digits, the station's place on the day of receipt
    device       two digits or capital letters, given at enrolment
    serial       1 to 9999
    """

    region_code: str
    day: date
    device: str
    serial: int

    def __str__(self) -> str:
        body = f"{self.region_code}{self.day:%y%m%d}{self.device}{self.serial:04}"
        return body + mod_37_36(body)

    @property
    def short(self) -> str:
        """What is read aloud at the station itself: device, serial, check character."""
        return f"{self.device}-{self.serial:04}-{str(self)[-1]}"


def format_receipt_number(region_code: str, day: date, device: str, serial: int) -> str:
    """The 25 characters of a receipt number.

    raises  BadRequest when a part does not fit; a serial beyond 9999 means the day is full
    """
    parse_region(region_code)
    if not is_device_code(device):
        raise BadRequest(_("A device code has two figures or capital letters"))
    if not 1 <= serial <= LAST_SERIAL:
        raise BadRequest(_("The serial of a receipt has to be between 1 and %(last)s", last=LAST_SERIAL))
    if day.year // 100 * 100 != _CENTURY:
        raise BadRequest(_("The day of a receipt has to be in the years 2000 to 2099"))
    return str(ReceiptNumber(region_code, day, device, serial))


def plain_number(text: str) -> str:
    """A number as it was printed, typed or scanned, without what does no harm: blanks, dashes, width, small letters."""
    return narrow_number(text).replace("-", "").upper()


def readings_of(plain: str) -> tuple[str, ...]:
    """What a number or its end may have been, where an O was typed as 0, or an I as 1, or the other way.

    Only device code and check character are either; elsewhere there are figures, but for the mark in front of a bag's
    number. Of whole numbers those stay whose check character is right.

    plain    as `plain_number` gives it, a receipt number's or a bag's
    returns  as it was typed first; that alone where it can be neither
    """
    if not (plain.isascii() and plain.isalnum() and plain == plain.upper() and len(plain) <= _LENGTH + 1):
        return (plain,)
    from_end = range(len(plain), 0, -1)
    either = (1, _END - 1, _END)  # the check character, and the device code
    chosen = [
        (one, LIKE[one]) if n in either and one in LIKE else (_figure(one),)
        for n, one in zip(from_end, plain, strict=True)
    ]
    told = ("".join(one) for one in product(*chosen))
    return tuple(dict.fromkeys((plain, *(one for one in told if len(one) < _LENGTH or _is_checked(one)))))


def _figure(character: str) -> str:
    return LIKE[character] if character in "OI" else character


def _is_checked(number: str) -> bool:
    return mod_37_36(number[:-1]) == number[-1]


def parse_receipt_number(text: str) -> ReceiptNumber:
    """Read a receipt number as it was printed or typed: spaces, dashes and small letters do no harm.

    raises  BadRequest when the length, a part or the check character is wrong
    """
    plain = plain_number(text)
    if len(plain) != _LENGTH or not (plain.isascii() and plain.isalnum()):
        raise BadRequest(_("A receipt number has 25 figures and letters"))
    if not _is_checked(plain):
        raise BadRequest(_("The check character of the receipt number is wrong; check whether it was copied rightly"))
    region_code, day, device, serial = plain[:12], plain[12:18], plain[18:20], plain[20:24]
    number = ReceiptNumber(parse_region(region_code).code, _day(day), device, _serial(serial))
    if not number.serial:
        raise BadRequest(_("The serial in a receipt number cannot be 0000"))
    return number


def is_device_code(text: str) -> bool:
    """Whether this is two digits or capital letters."""
    return len(text) == 2 and text.isascii() and text.isalnum() and text == text.upper()


def _day(text: str) -> date:
    if text.isdigit():
        try:
            return date(_CENTURY + int(text[:2]), int(text[2:4]), int(text[4:]))
        except ValueError:
            pass
    raise BadRequest(_("The day in the receipt number does not exist"))


def _serial(text: str) -> int:
    if not text.isdigit():
        raise BadRequest(_("The serial in a receipt number has four figures"))
    return int(text)


def short_number(number: str) -> str:
    """What is read aloud at the station, 01-0007-G; the number itself where it is none of ours."""
    try:
        return parse_receipt_number(number).short
    except BadRequest:
        return number


def grouped_number(number: str) -> str:
    """The long number in the groups it is made of, as it is printed: place, day, device, serial, check character."""
    if len(number) != _LENGTH:
        return number
    return " ".join((number[:6], number[6:12], number[12:18], number[18:20], number[20:24], number[24:]))
