"""What members and parameters are called, where their schema does not say it itself, and examples of them.

One word has one meaning.

Must not know: which routes have them.
"""

from collections.abc import Mapping
from typing import Any

from sync.messages import D_

WORDS: Mapping[str, str] = {
    "agent_id_number": D_("Citizen number of the agent"),
    "agent_name": D_("Name of the agent"),
    "alarm": D_("Number of the alarm"),
    "aside": D_("Number of the file"),
    "assignee": D_("Account of who takes it over"),
    "bag_id": D_("Id of the bag slip"),
    "basis": D_("Basis"),
    "bringer": D_("Who carries it"),
    "carrier": D_("Who carries it"),
    "case_id": D_("Id of the case"),
    "channel": D_("How it came: counter, visit or phone"),
    "choices": D_("For each field the id of what counts"),
    "code": D_("Code of the item"),
    "confirmed_time": D_("The time as another clock showed it, in ISO 8601"),
    "copies": D_("Copies"),
    "cursor": D_("The next of the page before; left out for the first"),
    "data": D_("Content in base64"),
    "days": D_("Days: 5W working days, 10N days, 24H hours"),
    "decision": D_("approve or deny"),
    "device": D_("Device code"),
    "draft_id": D_("Id of the draft"),
    "due": D_("The day it is due, such as 2026-12-20"),
    "fields": D_("The fields of the form"),
    "finder": D_("Who took it"),
    "found": D_("Places on the list of what was in the bag, from 1"),
    "gaps": D_("All that is missing or wrong, at one time"),
    "giver": D_("Who gave it"),
    "item": D_("Code of the item"),
    "item_name": D_("Name of the item"),
    "item_version": D_("Version of the item"),
    "kind": D_("What kind it is"),
    "label": D_("What it is called"),
    "level": D_("Code of the level"),
    "level_name": D_("Name of the level"),
    "limit": D_("How many at most"),
    "material": D_("Name of the material"),
    "materials": D_("Materials"),
    "method": D_("Way of delivery"),
    "name": D_("What it is called"),
    "new": D_("New password"),
    "number": D_("Number of the photo, from 1"),
    "old": D_("The current password"),
    "opinion": D_("Opinion"),
    "password": D_("Password"),
    "person_id": D_("Id of the person"),
    "root": D_("Id of the photo, its blob"),
    "photos": D_("Photos"),
    "q": D_("What to look for"),
    "reason": D_("Remark or reason"),
    "receipt_number": D_("Receipt number"),
    "received_at": D_("Received at"),
    "receiver": D_("Received by (name)"),
    "region": D_("Code of the region"),
    "returner": D_("Who gave it back"),
    "scope": D_("Scope of the authority"),
    "sid": D_("Id of the station"),
    "signed": D_("How it was signed: signature, fingerprint or witness"),
    "state": D_("Code of the state"),
    "station": D_("Id of the station that took it"),
    "station_name": D_("Station that took it"),
    "step": D_("One of the seven steps"),
    "take": D_("true takes them, false does not"),
    "taker": D_("Who took it"),
    "to": D_("To which level it is reported"),
    "type": D_("Media type"),
    "under": D_("Id of the station above; left out for the centre"),
    "until": D_("Until when the authority is given"),
    "what": D_("what is missing or wrong"),
    "witness_name": D_("Witness"),
}

# What stands in the examples of the page; nobody is called so, and no such number is anybody's.
EXAMPLES: Mapping[str, Any] = {
    "agent_id_number": "990281194103150025",
    "agent_name": "李四",  # data
    "assignee": "zhang",
    "basis": "实施清单",  # data
    "case_id": "case:k3m7q-aaaaaaaaaaaaaaaa",
    "choices": {"phone": "…"},
    "code": "QX-MZ-0024",
    "days": "5W",
    "device": "01",
    "fields": {"applicant_name": "王五", "phone": "…"},  # data
    "item": "QX-MZ-0024",
    "method": "pickup",
    "name": "wang",
    "number": 1,
    "opinion": "材料属实",  # data
    "reason": "材料齐全",  # data
    "region": "990281101201",
    "scope": "代为申请",  # data
    "sid": "k3m7q",
    "until": "2099-12-31",
    "what": "缺首页",  # data
}
