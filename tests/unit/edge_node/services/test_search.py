"""One search over items, 一件事 and cases: by Chinese, pinyin, initials and what people say."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures.catalogue import text as catalogue_text
from fixtures.county import county
from sync.casework.note_miss import list_misses
from sync.casework.search import items_called, search, search_items
from sync.node.lists.case_index import cases_of
from sync.node.lists.search_index import index_case_words
from sync.records.items import Offline
from sync.records.missed_words import is_number_of_a_person, may_be_noted
from sync.records.readings.spelling import name_spellings, spellings
from tests.unit.edge_node.applications import application, key
from tests.unit.forms import read


def names(station, asked):
    return [one["name"] for one in search(station.node, asked, limit=50)["items"]]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("高龄津贴", "高龄津贴"),
        ("高龄", "高龄津贴"),
        ("八十岁补助", "高龄津贴"),
        ("80岁补助", "高龄津贴"),
        ("gltt", "高龄津贴"),
        ("gljt", "高龄津贴"),
        ("GLJT", "高龄津贴"),
        ("gaolingjintie", "高龄津贴"),
        ("gao ling jin tie", "高龄津贴"),
        ("高玲津贴", "高龄津贴"),
        ("我要办高龄补贴", "高龄津贴"),
        ("准生证", "生育登记"),
        ("zsz", "生育登记"),
        ("nbt", "农机购置与应用补贴"),
        ("农补", "农机购置与应用补贴"),
        ("合作医疗", "城乡居民基本医疗保险参保登记"),
        ("五保", "特困人员救助供养"),
        ("医保卡丢了", "社会保障卡启用、密码重置、状态查询和注销"),
    ],
)
def test_what_people_ask_for_is_found_and_stands_first(station, asked, name):
    assert names(station, asked)[0] == name


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("ylbx", "城乡居民基本养老保险参保登记"),
        ("养老保险", "城乡居民基本养老保险参保登记"),
        ("80岁老人", "高龄津贴"),
        ("老龄补贴", "高龄津贴"),
        ("粮食补贴", "耕地地力保护和种粮补贴面积申报"),
        ("人脸认证", "城乡居民养老保险待遇领取资格认证"),
        ("挂失", "社会保障卡启用、密码重置、状态查询和注销"),
        ("死了", "死亡注销户口"),
        ("老人去世", "死亡注销户口"),
        ("医保缴费", "城乡两险缴费帮办"),
    ],
)
def test_what_somebody_asked_for_at_a_real_station_is_found_first(station, asked, name):
    assert names(station, asked)[0] == name


@pytest.mark.parametrize("asked", ["当兵", "参军", "退伍", "老兵"])
def test_who_served_finds_what_is_there_for_him_however_he_says_it(station, asked):
    assert set(names(station, asked)) >= {"退役军人、其他优抚对象优待证", "退役军人建档立卡信息采集"}
    assert "退役军人返乡一件事" in [one["name"] for one in search(station.node, asked)["bundles"]]


@pytest.mark.parametrize(
    ("asked", "name", "matched"),
    [
        ("高龄津贴", "高龄津贴", "text"),
        ("八十岁补助", "高龄津贴", "text"),
        ("民政", "高龄津贴", "text"),  # its department
        ("gljt", "高龄津贴", "letters"),
        ("gaolingjintie", "高龄津贴", "letters"),
        ("gltt", "高龄津贴", "letters"),  # one slip away
        ("高玲津贴", "高龄津贴", "sound"),
        ("户口簿", "高龄津贴", "guide"),
    ],
)
def test_what_is_found_says_how(station, asked, name, matched):
    found = search(station.node, asked, limit=50)["items"]
    assert [one["matched"] for one in found if one["name"] == name] == [matched]


def test_a_word_that_stands_in_a_guide_comes_before_what_only_sounds_so(station):
    found = [one["matched"] for one in search(station.node, "初审", limit=50)["items"]]  # it sounds like 出生
    assert found == sorted(found)
    assert set(found) == {"guide", "sound"}
    assert names(station, "工伤")[0] == "法律援助咨询和申请"  # it sounds like 工商


def test_of_a_bundle_that_only_sounds_so_it_is_said_too(client, station):
    (found,) = search(station.node, "开晓店")["bundles"]
    assert found["matched"] == "sound"
    page = read(client, "/search?q=开晓店")
    assert page.count("读音相近") == 1
    assert "读音相近" not in read(client, "/search?q=开小店")


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("80岁补贴", "高龄津贴"),
        ("八十岁补贴", "高龄津贴"),
        ("怎么领80岁的补贴", "高龄津贴"),
        ("80岁老年人补贴", "高龄津贴"),
        ("老人补贴", "高龄津贴"),
        ("老年人补贴", "高龄津贴"),
        ("老年人证", "老年优待证和65岁乘车卡"),
        ("2胎证", "生育登记"),
        ("社保转移", "城乡居民养老保险关系转移"),
        ("社保转", "城乡居民养老保险关系转移"),
        ("流转土地", "土地承包经营权变更和流转备案"),
        ("备案异地", "跨省异地就医备案"),
        ("补助危房", "农村危房改造申请"),
    ],
)
def test_other_words_other_figures_and_another_order_find_it_and_say_that_it_was_typed(station, asked, name):
    found = search(station.node, asked)["items"]
    assert (found[0]["name"], found[0]["matched"]) == (name, "text")


# Each with what stands first for it.
FOLK_WORDS = {
    "亲属关系证明": "村级开具证明（居住等）",
    "证明信": "村级开具证明（居住等）",
    "养老参保": "城乡居民基本养老保险参保登记",
    "失能老人": "经济困难高龄失能老年人补贴",
    "重残护理": "重度残疾人护理补贴",
    "老兵证": "退役军人、其他优抚对象优待证",
    "老人卡": "老年优待证和65岁乘车卡",
    "生孩子登记": "生育登记",
    "小孩户口": "出生登记（落户）",
    "计生奖励": "农村部分计划生育家庭奖励扶助",
    "火葬费": "惠民殡葬补贴",
    "房子塌了": "农村危房改造申请",
    "修房补助": "农村危房改造申请",
    "装水表": "水电气报装和缴费帮办",
    "邻居纠纷": "人民调解",
    "关店": "个体工商户变更和注销登记",
    "宝宝上医保": "新生儿参保",
    "交新农合": "城乡两险缴费帮办",
    "4050": "就业困难人员认定",
    "4050人员": "就业困难人员认定",
    "外来人口": "居住登记",
    "慢性病": "门诊慢特病认定申请",
    "大队证明": "村级开具证明（居住等）",
    "庄基地": "农村宅基地和建房（规划许可）申请",
    "玉米补贴": "耕地地力保护和种粮补贴面积申报",
    "欠薪": "法律援助咨询和申请",
    "发大水": "自然灾害救助申请",
}


@pytest.mark.parametrize(("asked", "name"), FOLK_WORDS.items())
def test_what_villagers_call_it_finds_it_first(station, asked, name):
    assert names(station, asked)[0] == name


@pytest.mark.parametrize("asked", ["高龄jt", "gaoling津贴", "高龄 JT", "gljt补贴"])
def test_half_in_chinese_and_half_in_letters_finds_it_and_says_that_there_were_letters(station, asked):
    (found,) = search(station.node, asked)["items"]
    assert (found["name"], found["matched"]) == ("高龄津贴", "letters")


@pytest.mark.parametrize(
    "asked",
    ["电视补贴", "养猪补贴", "结婚登记", "老人助听器", "老人电视", "林权证办理", "光伏补贴", "高龄xy", "养老zz"],
)
def test_of_what_is_not_there_one_half_finds_nothing_and_it_is_noted(station, asked):
    assert search(station.node, asked) == {"items": [], "bundles": [], "people": [], "cases": []}
    assert [one["text"] for one in list_misses(station.node)["misses"]] == [asked]
    assert items_called(station.node, [asked]) == {}


def test_what_was_missed_once_and_is_found_in_other_words_today_is_said_of_the_list_of_misses(station):
    assert items_called(station.node, ["80岁补贴", "社保转移", "卫星电视"]) == {
        "80岁补贴": "高龄津贴",
        "社保转移": "城乡居民养老保险关系转移",
    }


def test_a_case_is_found_by_what_it_is_about_in_other_words_and_a_name_never_so(station, taken):
    assert cases(station, "80岁补贴") == [taken[1]["id"], taken[0]["id"]]
    name = county().people[0].name
    for asked in (name[1:] + name[0], f"{name[:2]}xx", f"{name}津贴"):
        assert cases(station, asked) == search(station.node, asked)["people"] == []


# Each sentence with what stands first for it: the frequent items, the folk words and the acceptance scenario of the
# handbook (37, 7, 12), by their names and as people say them.
ASKED = {
    "电子社保卡": "医保电子凭证、电子社保卡激活帮办",
    "帮我弄手机社保卡": "医保电子凭证、电子社保卡激活帮办",
    "医保电子凭证": "医保电子凭证、电子社保卡激活帮办",
    "医保码": "医保电子凭证、电子社保卡激活帮办",
    "跨省异地就医备案": "跨省异地就医备案",
    "去外地看病要备案": "跨省异地就医备案",
    "ydjyba": "跨省异地就医备案",
    "住房公积金异地转移接续": "住房公积金异地转移接续帮办",
    "公积金转移": "住房公积金异地转移接续帮办",
    "我要把公积金转回老家": "住房公积金异地转移接续帮办",
    "失业登记": "就业失业登记",
    "失业证": "就业失业登记",
    "公积金余额": "住房公积金余额查询帮办",
    "公积金": "住房公积金余额查询帮办",
    "gjj": "住房公积金余额查询帮办",
    "gjjye": "住房公积金余额查询帮办",
    "查一下公积金还有多少钱": "住房公积金余额查询帮办",
    "成绩查询": "考试成绩查询帮办",
    "cjcx": "考试成绩查询帮办",
    "高考成绩": "考试成绩查询帮办",
    "娃的高考分数": "考试成绩查询帮办",
    "四六级成绩": "考试成绩查询帮办",
    "教师资格证": "考试成绩查询帮办",
    "ylbx": "城乡居民基本养老保险参保登记",
    "养老保险": "城乡居民基本养老保险参保登记",
    "合作医疗": "城乡居民基本医疗保险参保登记",
    "城乡居民医保": "城乡居民基本医疗保险参保登记",
    "准生证": "生育登记",
    "五保": "特困人员救助供养",
    "特困": "特困人员救助供养",
    "nbt": "农机购置与应用补贴",
    "农补": "农机购置与应用补贴",
    "gltt": "高龄津贴",
    "高龄": "高龄津贴",
    "八十岁补助": "高龄津贴",
}


@pytest.mark.parametrize(("asked", "name"), ASKED.items())
def test_what_the_handbook_names_is_found_first_by_its_name_and_as_people_say_it(station, asked, name):
    assert names(station, asked)[0] == name


@pytest.mark.parametrize("asked", ["公积金余额", "成绩查询"])
def test_where_only_somebody_else_has_the_answer_the_guide_says_that_it_is_asked_for_online(station, asked):
    item = county().item(names(station, asked)[0])
    assert item.offline is Offline.INFORM
    assert "需联网查询" in item.guide.steps
    assert "以" in item.guide.note
    assert "本站不存" in item.guide.note


def test_whoever_says_that_somebody_died_finds_what_is_done_at_one_go(station):
    for asked in ("死了", "人死了", "老人去世"):
        assert "个人身后一件事" in [one["name"] for one in search(station.node, asked)["bundles"]], asked


def test_a_serial_is_the_stations_own_before_any_case_number_that_ends_so(station, taken):
    last = station.node.read(lambda reader: cases_of(reader, [taken[-1]["id"]]))[0]
    told = {name: getattr(last, name) for name in ("receipt_number", "received_at", "item", "item_name")}
    numbered = {**told, "applicant_name": last.applicant_name, "case_number": "1" * 39 + "0001"}
    station.node.engine.write(lambda tx: index_case_words(tx, last.id, **numbered))
    for asked in ("0001", "010001"):
        assert cases(station, asked)[0] == taken[0]["id"], asked
    assert last.id in cases(station, "0001")


def test_initials_that_many_share_find_all_of_them(station):
    found = names(station, "ylbx")
    assert {one.name for one in county().items if "养老保险" in one.name} <= set(found)


def test_several_words_find_what_fits_all_of_them(station):
    assert "困难残疾人生活补贴" in names(station, "残疾 补贴")
    assert "高龄津贴" not in names(station, "残疾 补贴")


def test_what_only_a_guide_says_is_found_behind_what_is_called_so(station):
    found = names(station, "户口簿")
    assert "高龄津贴" in found
    called = names(station, "户口")
    assert called.index("死亡注销户口") < called.index("高龄津贴")


def test_an_occasion_is_found_with_its_items(station):
    (found,) = search(station.node, "开小店")["bundles"]
    assert {one["name"] for one in found["items"]} >= {"个体工商户设立登记（秒批）"}


def test_every_item_is_found_by_its_name_its_initials_and_each_of_its_words(station):
    for one in county().items:
        assert names(station, one.name)[0] == one.name
        for asked in (spellings(one.name).initials, spellings(one.name).joined, *one.words):
            assert one.name in names(station, asked), asked


@given(st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_whatever_is_typed_is_answered(station, asked):
    search(station.node, asked)


@pytest.mark.parametrize(
    "asked", ['"', "'", "a*", "NEAR(a b)", "a AND", "-", "%", "_", "高" * 300, "\x00", "", " ", "\ud800"]
)
def test_signs_of_query_languages_mean_nothing(station, asked):
    assert search(station.node, asked)["cases"] == []


@pytest.fixture
def taken(client):
    """Three cases: two of one applicant's item, the last of another item."""
    bodies = [application(), application(number=1), application("生育登记", number=2)]
    return [
        client.post("/api/v1/cases", json=body, headers=key(str(number))).get_json()
        for number, body in enumerate(bodies)
    ]


def cases(station, asked):
    return [one["id"] for one in search(station.node, asked)["cases"]]


def test_a_case_is_found_by_the_end_of_its_number_however_it_is_read_out(station, taken):
    number = taken[0]["receipt_number"]
    short = f"{number[18:20]}-{number[20:24]}-{number[24:]}"
    for asked in (number, number.lower(), number[-5:], short):
        assert cases(station, asked) == [taken[0]["id"]]


def test_a_case_is_found_by_its_serial_without_the_check_character(station, taken):
    number = taken[1]["receipt_number"]
    for asked in (number[20:24], f"{number[18:20]}-{number[20:24]}", number[:24], number[12:24]):
        assert cases(station, asked) == [taken[1]["id"]]
    assert cases(station, number[21:24]) == []


def test_a_case_is_found_by_its_applicant_who_is_masked(station, taken):
    person = county().people[0]
    for asked in (person.name, person.name[1:], person.name[:2]):
        assert taken[0]["id"] in cases(station, asked)
    found = search(station.node, person.name)["cases"]
    assert person.name not in str(found)
    assert found[0]["applicant"].startswith(person.name[0] + "*")


def test_a_case_is_found_by_what_it_is_about(station, taken):
    for asked in ("高龄津贴", "gljt", "尊老金"):
        assert cases(station, asked) == [taken[1]["id"], taken[0]["id"]]
    assert cases(station, "准生证") == [taken[2]["id"]]


def test_what_was_not_found_is_counted(station, clock):
    for _ in range(2):
        search(station.node, "  卫星  电视 ")
    clock.now_ms += 60_000
    search(station.node, "卫星 电视")
    search(station.node, "高龄津贴")
    (miss,) = list_misses(station.node)["misses"]
    assert (miss["text"], miss["times"]) == ("卫星 电视", 3)
    assert miss["last_at"].startswith("2025-09-26T14:05:05")


@pytest.mark.parametrize(
    "asked",
    [
        "990281194103150021",
        "99028119410315002x",
        "9902 8119 4103 1500 21",
        "13800001111",
        "138-0000-1111",
        "6217000000000000000",
        "电话 13800001111",
        "1380000",
        "王秀英",
        "欧阳娜娜",
        "艾尔肯·吐尔逊",
        *("慕容", "慕容秋月", "买买提", "帕提古丽", "卓玛", "扎西次仁", "巴特尔", "其其格"),
        *(
            "刘翠花婶",
            "老张家媳妇",
            "赵铁柱他爹",
            "王家老二",
            "铁柱他娘",
            "老张",
            "小李子",
            "二婶",
            "翠花嫂子",
            "李家大儿子",
        ),
        *("王支书", "张建国老师", "三叔", "孙大爷"),
        "！！！",
        "词" * 41,
    ],
)
def test_what_may_be_somebodys_is_not_noted(station, asked):
    assert not may_be_noted(asked)
    search(station.node, asked)
    assert list_misses(station.node) == {"misses": [], "next": None}


def test_a_name_that_is_known_here_is_not_noted_with_whatever_else_was_typed(station, taken):
    name = county().people[0].name
    assert may_be_noted(f"{name}残疾补贴证")  # by the text alone nobody could tell
    for asked in (f"{name}残疾补贴证", f"查{name}", name_spellings(name).joined):
        search_items(station.node, asked)
    assert list_misses(station.node)["misses"] == []
    search_items(station.node, "卫星补贴证")
    assert [one["text"] for one in list_misses(station.node)["misses"]] == ["卫星补贴证"]


def test_part_of_a_name_with_dots_finds_its_holder_and_is_not_noted(station, client):
    body = application()
    body["fields"]["applicant_name"] = "阿卜杜热西提·艾合买提江"
    client.post("/api/v1/cases", json=body, headers=key("dots"))
    for asked in ("艾合买提", "艾合买提江", "阿卜杜热西提", "ahmtj"):
        assert len(search(station.node, asked)["cases"]) == 1, asked
    assert list_misses(station.node)["misses"] == []


def test_every_word_and_name_of_the_catalogue_could_be_noted():
    whole = json.loads(catalogue_text("items.json"))
    told = [text for one in (*whole["items"], *whole["bundles"]) for text in (one["name"], *one["words"])]
    assert [text for text in told if not may_be_noted(text)] == []


@pytest.mark.parametrize(
    "asked", ["王八证", "月嫂", "月嫂培训", "老龄补贴", "我妈的养老金", "维吾尔语翻译", "老伴走了怎么办"]
)
def test_a_word_that_only_sounds_of_people_is_noted(asked):
    assert may_be_noted(asked)


@pytest.mark.parametrize("asked", ["卫星电视", "林权证", "65岁怎么办", "wxds", "高铁票", "110"])
def test_a_word_for_something_is_noted(asked):
    assert may_be_noted(asked)


def test_a_receipt_number_is_no_number_of_a_person(taken):
    assert not is_number_of_a_person(taken[0]["receipt_number"])
    assert not is_number_of_a_person("990281101201250731A10007G")
    assert is_number_of_a_person("99028119410315002X")


def test_a_case_is_found_by_the_sound_of_its_applicant(station, taken):
    spelled = name_spellings(county().people[0].name)
    for asked in (spelled.joined, spelled.initials):
        assert taken[0]["id"] in cases(station, asked)


@pytest.mark.parametrize("number", ["E12345678", "ea 1234567", "USA110090010203", "P123456789", "g-12345678"])
def test_the_number_of_a_passport_or_another_paper_is_a_persons_too(number):
    assert is_number_of_a_person(number)


@pytest.mark.parametrize(
    "word", ["QX-MZ-0024", "0007G", "01-0007-G", "A0007", "62052400MZ-XK-0001", "65岁", "ylbx2025"]
)
def test_codes_of_items_and_ends_of_receipt_numbers_are_nobodys(word):
    assert not is_number_of_a_person(word)
