"""A copy of objects of the cluster: news and answers may come in any order."""

from joulebus.provision.cluster.api import DEPLOYMENTS
from joulebus.provision.cluster.copy import Copy
from tests.provision.twin import ApiTwin

OVEN = {"metadata": {"name": "oven", "labels": {"joulebus.io/device": "oven"}}, "spec": {}}


def made_and_gone() -> tuple[ApiTwin, Copy]:
    """A copy that has listed nothing yet."""
    api = ApiTwin()
    copy = Copy(api, DEPLOYMENTS, {"labelSelector": "joulebus.io/device=oven"}, lambda: None)
    copy.list()
    return api, copy


def test_the_answer_of_making_that_comes_after_the_news_of_the_end_is_not_heard() -> None:
    api, copy = made_and_gone()
    answer = api.ask("POST", DEPLOYMENTS, OVEN)
    api.ask("DELETE", f"{DEPLOYMENTS}/oven")
    copy.drop("oven", int(answer["metadata"]["resourceVersion"]) + 1)
    copy.put(answer)
    assert copy.objects() == {}
    copy.put(api.ask("POST", DEPLOYMENTS, OVEN))
    assert copy.objects().keys() == {"oven"}


def test_the_answer_of_making_that_comes_after_a_list_without_it_is_not_heard() -> None:
    api, copy = made_and_gone()
    answer = api.ask("POST", DEPLOYMENTS, OVEN)
    api.ask("DELETE", f"{DEPLOYMENTS}/oven")
    copy.list()
    copy.put(answer)
    assert copy.objects() == {}


def test_the_news_of_a_change_before_the_end_is_not_heard_after_it() -> None:
    api, copy = made_and_gone()
    answer = api.ask("POST", DEPLOYMENTS, OVEN)
    copy.put(answer)
    copy.drop("oven")
    copy.put(answer)
    assert copy.objects() == {}
