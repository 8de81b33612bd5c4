"""Bigrams and likeness."""

from __future__ import annotations

from domain.text_search import bigrams, likeness, normalise


def test_full_and_half_width_are_the_same_text() -> None:
    assert normalise("ＡＰＩ　网关 ") == normalise("api 网关")


def test_a_text_is_cut_into_pairs_of_characters() -> None:
    assert bigrams("统一认证") == {"统一", "一认", "认证"}
    assert bigrams("统") == {"统"}
    assert bigrams("  ") == frozenset()


def test_likeness_runs_from_nothing_to_the_same() -> None:
    assert likeness("统一认证中心", "统一认证中心") == 1.0
    assert likeness("统一认证中心", "城市地图") == 0.0
    assert 0.3 < likeness("统一认证中心", "统一用户中心") < 0.6
    assert likeness("", "") == 0.0
