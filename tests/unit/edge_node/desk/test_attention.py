"""The page 需要留意: what happened and what to do in plain words, and nobody settles anything without saying why."""

from tests.unit.edge_node.api.test_attention import HOME, alarm_at, aside_at, audited
from tests.unit.forms import form_on, read, send
from tests.waiting import until


def test_the_page_says_what_happened_and_takes_no_settling_without_a_reason(station, sign_in):
    node = station.node
    alarm_at(node)
    aside_at(node, HOME, "case:x")
    wang, head = sign_in("wang"), sign_in("zhang")
    shown = read(wang, "/attention")
    for said in ("签名与本机所存的步骤不符", "只有一台设备在用", "2025-09-26 14:04", "请告诉站长"):
        assert said in shown
    assert "记下，从清单中去掉" not in shown  # an agent may look, and no more
    page = read(head, "/attention")
    assert "需要留意 2 项</span></a>" in page  # the badge
    form = form_on(page, "why-alarm-1")
    assert send(wang, form["action"], {**form["values"], "why-alarm-1": "x"}).status_code in (400, 403)
    missing = send(head, form["action"], form["values"])
    assert (missing.status_code, "请写明查到了什么" in missing.text) == (422, True)
    assert send(head, form["action"], {**form["values"], "why-alarm-1": "旧电脑已停用"}).status_code == 303
    page = read(head, "/attention")
    assert "旧电脑已停用" in page.partition("已经处理的")[2]
    assert audited(node, "alarm:1") == ["alarm_settled"]
    again = send(head, "/attention/set-aside/1/offering", form_on(page, "why-item-1")["values"])
    assert again.status_code == 303
    page = read(head, "/attention")
    assert "仍不符合要求" in page
    form = form_on(page, "why-item-1")
    assert send(head, form["action"], {**form["values"], "why-item-1": "是测试数据"}).status_code == 303
    assert "没有。送来的内容都收下了。" in read(head, "/attention")
    # On a busy machine the look behind the badge is dear, and spared for a moment.
    until(lambda: "data-live-badge></span>" in read(head, "/attention"))
    assert head.get("/attention?items=x&alarms=y").status_code == 302  # to the first page


def test_who_settles_what_somebody_else_settled_meanwhile_is_told_how_it_stands_and_what_was_not_added(
    station, sign_in
):
    alarm_at(station.node)
    aside_at(station.node, HOME, "case:x")
    head, other = sign_in("zhang"), sign_in("li")
    page, old = read(head, "/attention"), read(other, "/attention")
    for place in ("why-alarm-1", "why-item-1"):
        form, stale = form_on(page, place), form_on(old, place)
        for _ in range(2):
            assert send(head, form["action"], {**form["values"], place: "旧电脑已停用"}).status_code == 303
        assert "已记下" in read(head, "/attention")
        assert send(other, stale["action"], {**stale["values"], place: "已打电话"}).status_code == 303
        told = read(other, "/attention")
        assert "zhang 已经处理过：“旧电脑已停用”。您写的没有添加：“已打电话”。" in told
        assert "已记下" not in told
