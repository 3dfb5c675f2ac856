"""Photos on their way from the camera to the file: made fit by the browser, and without scripts by the station."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from fixtures.county import county
from tests.browser.conftest import PHONE, at_phone
from tests.browser.road import Road, begin, enter, fill, go_on, receive, type_in
from tests.unit.edge_node.pictures.drawing import notes, opened, page, saved
from tests.unit.edge_node.pictures.test_fitting import edges

pytestmark = pytest.mark.browser

MOST_BYTES = 320_000
ITEM = "高龄津贴"


@pytest.fixture(scope="module")
def camera() -> bytes:
    """A page as a phone of twelve million pixels takes it, lying on its side, with the place it was taken at."""
    return saved(page(4032, 3024), quality=90, exif=notes(turned=6))


def form(road: Road, open_page, **more) -> Page:
    desk = open_page(road.village_url, **more)
    enter(desk, "wang")
    begin(desk, county().item(ITEM))
    desk.goto(f"{desk.url.rpartition('/')[0]}/papers")
    return desk


def file(name: str, content: bytes, kind: str = "image/jpeg") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def filed(desk: Page, road: Road) -> list[bytes]:
    """Hand the application in; its photos as the station shows them."""
    desk.get_by_role("button", name="申请人").click()
    fill(desk, county().item(ITEM))
    receive(desk)
    desk.wait_for_url(re.compile("/received$"))
    case = desk.url.removesuffix("/received")
    desk.goto(case)
    addresses = desk.locator(".papers img").evaluate_all("images => images.map((one) => one.src)")
    return [desk.request.get(address).body() for address in addresses]


def sizes(desk: Page) -> list[int]:
    """Of the photos that are kept, how large each is."""
    images = desk.locator(".photos.kept img")
    addresses = images.evaluate_all("images => images.map((one) => one.src)")
    return [len(desk.request.get(address).body()) for address in addresses]


def require_readable(content: bytes, camera: bytes) -> None:
    """Upright, without the camera's notes, and as sharp as print of that many dots can be."""
    picture = opened(content)
    assert picture.size == (1500, 2000)
    assert dict(picture.getexif()) == {}
    lying = opened(camera).resize((2000, 1500), Image.Resampling.LANCZOS)
    assert edges(picture) > 0.65 * edges(lying.transpose(Image.Transpose.ROTATE_270))


@at_phone
def test_a_phones_photo_is_made_fit_before_it_is_sent(road, size, open_page, camera, require_fit, picture):
    desk = form(road, open_page, size=size)
    sent: list[int] = []
    desk.on("request", lambda one: sent.append(len(one.post_data_buffer or b"")) if one.method == "POST" else None)
    desk.locator("input[data-photos]").first.set_input_files(
        [file("a.jpg", camera), file("b.jpg", camera[:-2] + b"\xff\xd9")]
    )
    expect(desk.locator(".photos.kept img")).to_have_count(1)  # the same photo twice is one
    expect(desk.locator('[name="materials.0.got"]')).to_be_checked()
    require_fit(desk)
    picture(desk, "desk-photos")
    chosen = sizes(desk)
    assert len(camera) > 4 * MOST_BYTES
    assert all(150_000 < one <= MOST_BYTES for one in chosen)
    photos = filed(desk, road)
    assert len(photos) == 1
    require_readable(photos[0], camera)
    assert [len(one) for one in photos] == chosen[: len(photos)]
    assert max(sent) < 2 * MOST_BYTES + 20_000
    expect(desk.get_by_text("下载原图")).to_have_count(0)  # what was too large never came here


def test_without_scripts_the_station_makes_it_fit_and_keeps_what_came(
    road, size, open_page, camera, require_fit, picture
):
    desk = form(road, open_page, size=size, scripts=False)
    desk.locator('input[type="file"]').first.set_input_files([file("a.jpg", camera)])
    (photo,) = filed(desk, road)
    assert 150_000 < len(photo) <= MOST_BYTES
    require_readable(photo, camera)
    require_fit(desk)
    picture(desk, "desk-original")
    with desk.expect_download() as download:
        desk.get_by_role("link", name=re.compile("下载原图：身份证")).click()
    assert Path(download.value.path()).read_bytes() == camera


def test_photos_taken_one_after_another_are_all_kept_and_what_was_not_kept_yet_is_sent_with_the_form(road, open_page):
    shots = []
    for seed in range(3):
        noise = io.BytesIO()
        Image.effect_noise((2400 + seed, 1800), 90).save(noise, "PNG")
        shots.append(noise.getvalue())
    desk = form(road, open_page)
    desk.route("**/autosave", lambda route: route.fulfill(status=401))  # signed out meanwhile
    camera = desk.locator('input[type="file"]').first
    for number, shot in enumerate(shots, start=1):
        camera.set_input_files([file("large.png", shot, "image/png")])
        expect(desk.locator("[data-previews] img")).to_have_count(number)
    expect(desk.locator("[data-saved]")).to_contain_text("还没有存上")
    desk.get_by_role("button", name="删除新拍的第 2 张").click()
    expect(desk.locator("[data-previews] img")).to_have_count(2)
    desk.unroute("**/autosave")
    type_in(desk, county().item(ITEM))
    go_on(desk)
    desk.get_by_role("button", name=re.compile("修改 ?材料")).click()
    assert len(sizes(desk)) == 2
    assert max(sizes(desk)) <= MOST_BYTES


def test_what_nothing_shows_through_becomes_paper_and_a_small_photo_stays_what_it_is(road, open_page):
    drawn = page(1600, 1200, mode="RGBA")
    drawn.paste((0, 0, 0, 0), (0, 0, 800, 800))
    small = saved(page(400, 300), quality=60)
    noted = saved(page(400, 300, seed=2), quality=60, exif=notes())
    desk = form(road, open_page)
    files = [
        file("clear.png", saved(drawn, "PNG", compress_level=1), "image/png"),
        file("small.jpg", small),
        file("noted.jpg", noted),
    ]
    desk.locator("input[data-photos]").first.set_input_files(files)
    expect(desk.locator(".photos.kept img")).to_have_count(3)
    clear, untouched, bare = filed(desk, road)
    assert min(opened(clear).convert("RGB").getpixel((100, 100))) > 240
    assert untouched == small
    assert dict(opened(bare).getexif()) == {}
    assert opened(bare).size == (400, 300)


def test_what_is_no_photo_keeps_no_photo_beside_it_from_being_kept_and_goes_with_what_was_said_of_it(road, open_page):
    desk = form(road, open_page)
    paper = desk.locator("[data-paper]").first
    good = [file(f"{seed}.jpg", saved(page(400, 300, seed=seed), quality=60)) for seed in range(2)]
    note = file("note.pdf", b"%PDF-1.4 no photo", "application/pdf")
    paper.locator("input[data-photos]").set_input_files([note, good[0]])
    expect(paper.locator(".photos.kept img")).to_have_count(1)
    expect(paper.locator("[data-previews] figure")).to_have_count(1)
    expect(paper.locator("[data-progress]")).to_contain_text("新选的第 1 张")
    paper.locator("input[data-photos]").set_input_files([good[1]])
    expect(paper.locator(".photos.kept img")).to_have_count(2)
    expect(paper.locator("[data-previews] figure")).to_have_count(1)
    paper.get_by_role("button", name="删除新拍的第 1 张").click()
    expect(paper.locator("[data-progress]")).to_be_hidden()
    type_in(desk, county().item(ITEM))
    go_on(desk)


def test_what_no_browser_can_read_stays_in_the_form_and_the_station_says_what_to_do(road, open_page, require_fit):
    desk = form(road, open_page, size=PHONE)
    apple = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400_000)
    desk.locator("input[data-photos]").first.set_input_files([file("a.heic", apple, "image/heic")])
    expect(desk.locator("[data-previews] figcaption")).to_contain_text("可能收不下")
    require_fit(desk)
    expect(desk.locator("[data-progress]").first).to_contain_text("兼容性最佳")
    type_in(desk, county().item(ITEM))
    desk.get_by_role("button", name="下一步").click()
    expect(desk.get_by_role("alert")).to_contain_text("兼容性最佳")


def test_a_photo_too_large_keeps_nothing_else_from_being_kept_and_goes_with_what_is_said_of_it(road, open_page):
    desk = form(road, open_page)
    first, second = desk.locator("[data-paper]").nth(0), desk.locator("[data-paper]").nth(1)
    film = file("film.mp4", bytes(30 << 20), "video/mp4")
    good = file("good.jpg", saved(page(400, 300), quality=60))
    first.locator("input[data-photos]").set_input_files([film, good])
    expect(first.locator("[data-progress]")).to_contain_text("照片太大，没有存上")
    expect(first.locator(".photos.kept img")).to_have_count(1)
    expect(first.locator("[data-previews] figure")).to_have_count(0)
    with desk.expect_response(re.compile("/autosave$")) as answer:
        second.get_by_role("checkbox", name="已收到").check()
        second.locator("input[name$='.copies']").fill("2")
    assert answer.value.ok
    desk.reload()
    expect(second.get_by_role("checkbox", name="已收到")).to_be_checked()
    expect(second.locator("input[name$='.copies']")).to_have_value("2")


# A machine on which making a photo fit takes seconds.
_SLOWLY = """
() => {
  const real = window.createImageBitmap;
  window.createImageBitmap = async (...told) => {
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    return real(...told);
  };
}
"""


def test_what_is_typed_while_a_photo_is_made_fit_does_not_send_it_as_it_was(road, open_page, camera):
    desk = form(road, open_page)
    desk.evaluate(_SLOWLY)
    desk.locator("input[data-photos]").first.set_input_files([file("a.jpg", camera)])
    with desk.expect_response("**/autosave"):
        desk.locator('[name="materials.1.got"]').check()
    expect(desk.locator("[data-previews] figure")).to_have_count(1)
    expect(desk.locator("[data-previews] figure")).to_have_count(0)
    assert [one <= MOST_BYTES for one in sizes(desk)] == [True]


class Held:
    """What a page keeps, let through when it is time; the rest comes as ever."""

    def __init__(self, desk: Page) -> None:
        self._desk = desk
        self._routes = []
        desk.route("**/autosave", lambda route: self._routes.append(route), times=1)

    def let_go(self) -> None:
        with self._desk.expect_response("**/autosave"):
            self._routes[0].continue_()


def small(seed: int) -> dict[str, object]:
    return file(f"{seed}.jpg", saved(page(400, 300, seed=seed), quality=60))


def test_a_photo_on_its_way_is_not_deleted_under_the_hand_that_keeps_it(road, open_page):
    """Over a slow link: it was deleted on the page, and came back as a kept one."""
    desk = form(road, open_page)
    held = Held(desk)
    with desk.expect_request("**/autosave"):
        desk.locator("input[data-photos]").first.set_input_files([small(1)])
    expect(desk.get_by_role("button", name="删除新拍的第 1 张")).to_be_disabled()
    desk.locator("input[data-photos]").first.set_input_files([small(2)])
    expect(desk.locator("[data-previews] figure")).to_have_count(2)
    desk.get_by_role("button", name="删除新拍的第 2 张").click()
    expect(desk.locator("[data-previews] figure")).to_have_count(1)
    held.let_go()
    expect(desk.locator(".photos.kept img")).to_have_count(1)
    expect(desk.locator("[data-previews] figure")).to_have_count(0)
    desk.reload()
    expect(desk.locator(".photos.kept img")).to_have_count(1)


def test_a_photo_that_could_not_be_sent_may_be_deleted_again(road, open_page):
    desk = form(road, open_page)
    desk.route("**/autosave", lambda route: route.fulfill(status=401), times=1)
    desk.locator("input[data-photos]").first.set_input_files([small(3)])
    expect(desk.locator("[data-saved]")).to_contain_text("还没有存上")
    desk.get_by_role("button", name="删除新拍的第 1 张").click()
    expect(desk.locator("[data-previews] figure")).to_have_count(0)


def test_a_photo_crossed_out_by_mistake_is_there_until_the_step_is_left(road, open_page):
    """The tick was kept after two seconds: the photo was gone while the page still showed it, and offered it back."""
    desk = form(road, open_page)
    desk.locator("input[data-photos]").first.set_input_files([small(4), small(5)])
    kept = desk.locator(".photos.kept input")
    expect(kept).to_have_count(2)
    with desk.expect_response("**/autosave"):
        kept.first.check()
    kept.first.uncheck()
    kept.nth(1).check()
    type_in(desk, county().item(ITEM))
    go_on(desk)
    desk.get_by_role("button", name=re.compile("修改 ?材料")).click()
    expect(desk.locator(".photos.kept img")).to_have_count(1)
    assert desk.request.get(desk.locator(".photos.kept img").evaluate("image => image.src")).ok


def test_what_is_crossed_out_while_another_photo_is_kept_stays_crossed_out(road, open_page):
    desk = form(road, open_page)
    desk.locator("input[data-photos]").first.set_input_files([small(6)])
    expect(desk.locator(".photos.kept img")).to_have_count(1)
    held = Held(desk)
    with desk.expect_request("**/autosave"):
        desk.locator("input[data-photos]").first.set_input_files([small(7)])
    desk.locator(".photos.kept input").check()
    held.let_go()
    expect(desk.locator(".photos.kept img")).to_have_count(2)
    expect(desk.locator(".photos.kept input:checked")).to_have_count(1)
