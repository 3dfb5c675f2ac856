"""That what holds the other tests' pages to axe-core sees what it is to see."""

import pytest

from tests.browser.accessible import AXE, Checker

pytestmark = [pytest.mark.browser, pytest.mark.node]

_PAGE = "<!DOCTYPE html><html lang='zh-CN'><title>表</title><main><h1>表</h1>{}</main></html>"


def test_a_field_without_a_label_is_a_fault_and_one_with_is_none(browser):
    assert AXE.is_file()
    page = browser.new_page()
    page.set_content(_PAGE.format("<input name=a>"))
    (fault,) = Checker().faults(page)
    assert "label: " in fault
    page.set_content(_PAGE.format("<label>姓名<input name=a></label>"))
    assert Checker().faults(page) == []
    page.close()
