"""One device of a station: what is known of it, and revoked or reinstated by a supervisor.

Must not know: what a revocation does elsewhere.
"""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from central.centre import centre_of_app
from central.fan_in.stations import read_station
from central.messages import _
from central.registry.revoking import LONGEST_REASON
from central.services.revoke_device import reinstate_device, revoke_device
from sync.case_api.asking import asker
from sync.errors import Conflict, Invalid, NotFound


def device_page(sid: str, device: str) -> ResponseReturnValue:
    """The page of one device."""
    return _drawn(sid, device)


def revoke(sid: str, device: str) -> ResponseReturnValue:
    """Revoke it for the reason that was given."""
    why = request.form.get("why", "").strip()
    try:
        revoke_device(centre_of_app().node, sid, device, why=why, by=asker().actor)
    except Invalid as refusal:
        return _drawn(sid, device, why=why, errors=dict(refusal.fields)), 422
    except Conflict as refusal:
        flash(refusal.reason, "warning")
    else:
        flash(_("Device %(device)s is revoked; the word goes to the stations before all else", device=device), "good")
    return redirect(url_for("console.device", sid=sid, device=device), 303)


def reinstate(sid: str, device: str) -> ResponseReturnValue:
    """Take it back."""
    try:
        reinstate_device(centre_of_app().node, sid, device, by=asker().actor)
    except Conflict as refusal:
        flash(refusal.reason, "warning")
    else:
        flash(
            _("Device %(device)s is reinstated; stations exchange with it again once they have heard", device=device),
            "good",
        )
    return redirect(url_for("console.device", sid=sid, device=device), 303)


def _drawn(sid: str, device: str, *, why: str = "", errors: dict[str, str] | None = None) -> str:
    centre = centre_of_app()
    station = read_station(centre.node, sid, silent_days=centre.settings.silent_days)
    found = {one["device"]: one for one in station["devices"]}
    if device not in found:
        raise NotFound(_("No device code %(device)s was given to this station", device=device))
    shown = found[device]
    return render_template(
        "console/device.html",
        station=station,
        one=shown,
        others=[
            other["device"]
            for other in station["devices"]
            if shown["writer"] and other["writer"] == shown["writer"] and other["device"] != device
        ],
        why=why,
        errors=errors or {},
        longest=LONGEST_REASON,
    )
