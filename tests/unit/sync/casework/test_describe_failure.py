"""Why the road up is broken, as somebody at a desk reads it, and what an operator is advised."""

import re

import pytest
import requests

from sync.casework.describe_failure import failure_text, for_operator
from sync.errors import (
    DiskFull,
    Forbidden,
    LinkDown,
    NotFound,
    PeerBusy,
    ProtocolError,
    Refused,
    StorageError,
    SyncError,
    Unauthorized,
    WrongPeer,
)
from sync.node.road.failing import failure_of
from sync.remote.failing import link_error
from sync.store.ledger.contacts import Failure
from sync.wire.problems import error_from

PLACE = "http://127.0.0.1:8740"
NO_SENSE = "上级地址上的回答看不懂，可能是网络的登录页、别的程序，或者上级出了故障"


def text_of(error: SyncError) -> str:
    return failure_text(failure_of(error))


def answered(status: int, said: str = "") -> SyncError:
    """What the transport makes of an answer: without a word of a node's where nothing is said."""
    return error_from(None, said or f"{PLACE} answered {status} Something", status=status)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (requests.ConnectionError(ConnectionRefusedError()), "那边没有在运行"),
        (requests.ConnectionError(ConnectionResetError()), "连接中途断了"),
        (requests.ConnectionError(), "连接中途断了"),
        (requests.ReadTimeout(), "太久没有回答"),
    ],
)
def test_a_broken_link_is_told_without_a_word_of_english(broken, told):
    sentence = text_of(link_error(broken, PLACE, 30))
    assert sentence.startswith("没有连上上级")
    assert told in sentence
    assert PLACE in sentence
    assert re.findall("[A-Za-z]{2,}", sentence.replace(PLACE, "")) == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (DiskFull("database or disk is full"), "本机磁盘满了，暂时不能同步"),
        (StorageError("disk I/O error"), "本机的磁盘或数据文件出了问题，暂时不能同步"),
        (error_from("insufficient_storage", "database or disk is full", status=507), "上级的磁盘满了，暂时收不下"),
        (answered(507), f"上级的磁盘满了，暂时收不下（{PLACE}：回答了 507）"),
        (PeerBusy("later"), "上级正忙，要求稍后再来"),
        (answered(503), f"上级正忙，要求稍后再来（{PLACE}：回答了 503）"),
        (answered(504), f"没有连上上级（{PLACE}：回答了 504）"),
        (Unauthorized("not a Yizhan request signature"), "上级拒绝了本站，不认本站的签名或证书"),
        (Forbidden("you may not"), "上级拒绝了本站，不认本站的签名或证书"),
        (
            answered(401),
            f"{NO_SENSE}（{PLACE}：回答了 401）",
        ),
        (
            answered(404),
            f"{NO_SENSE}（{PLACE}：回答了 404）",
        ),
        (
            answered(413),
            f"{NO_SENSE}（{PLACE}：回答了 413）",
        ),
        (
            answered(500),
            f"{NO_SENSE}（{PLACE}：回答了 500）",
        ),
        (ProtocolError("not a frame"), NO_SENSE),
        (ProtocolError(f"{PLACE} does not show the certificate that we trust"), f"{PLACE}：那个地址上是另一台电脑"),
        (NotFound("no such database"), "上级没有接受这次同步"),
        (Refused("expectation failed"), "上级没有接受这次同步"),
    ],
)
def test_what_is_no_broken_link_is_not_called_one(error, told):
    sentence = text_of(error)
    assert told in sentence
    assert "没有连上" not in sentence or "504" in sentence
    assert re.findall("[A-Za-z]{2,}", sentence.replace(PLACE, "")) == []


def test_a_failure_of_before_kinds_were_noted_is_told_by_its_words():
    assert failure_text(Failure(f"{PLACE}: nobody listens there")) == (
        f"没有连上上级（{PLACE}：那边没有在运行，或者地址变了）"
    )
    assert failure_text(Failure("something else")) == "最近一次同步没有成功"


def test_a_host_whose_name_is_chinese_makes_no_sentence():
    sentence = text_of(LinkDown("https://例子.测试:1: there is no machine by that name"))
    assert sentence == "没有连上上级（https://例子.测试:1：找不到地址里的那台电脑）"
    assert "answered" not in text_of(NotFound("https://例子.测试 answered 404 Not Found"))


def test_what_is_told_in_chinese_stays_as_it_is_but_not_of_a_peer_that_breaks_the_protocol():
    assert text_of(Unauthorized("上级不认识本站，请核对注册码")) == "上级不认识本站，请核对注册码"
    assert text_of(WrongPeer("对方不是登记的上级")) == "对方不是登记的上级"
    assert "中中" not in text_of(ProtocolError("中" * 900))
    assert len(text_of(Forbidden("中" * 900))) <= 200


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (LinkDown(f"{PLACE}: nobody listens there"), "yizhan edge upstream"),
        (DiskFull("full"), "请在本机磁盘上腾出空间"),
        (error_from("insufficient_storage", "full", status=507), "请上级的管理员腾出磁盘空间"),
        (Refused("expectation failed"), "请核对上级地址"),
        (Unauthorized("no signature"), "时钟"),
        (ProtocolError("nonsense"), "浏览器"),
    ],
)
def test_an_operator_is_told_what_is_wrong_and_what_to_do(error, advice):
    expected = text_of(error)
    told = for_operator(error)
    assert told.reason == expected
    assert advice in told.remedy
    assert "提交" not in told.remedy
    assert "编号" not in told.remedy


def test_advice_of_our_own_stays():
    assert for_operator(Unauthorized("本站还没有注册", remedy="请先输入注册码")).remedy == "请先输入注册码"
