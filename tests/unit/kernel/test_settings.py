"""Settings that are wrong fail loudly."""

from pathlib import Path

import pytest

from kernel.settings import Settings, SettingsError, secret_key_path

KEY = "k" * 40


def test_defaults_live_under_the_data_directory(tmp_path: Path) -> None:
    settings = Settings.from_environment({"ZUJIAN_DATA_DIR": str(tmp_path), "ZUJIAN_SECRET_KEY": KEY})

    assert settings.database_url == f"sqlite:///{tmp_path / 'zujian.sqlite3'}"
    assert settings.files_dir == tmp_path / "files"
    assert settings.probe_allowed_networks == ()


def test_the_secret_key_is_read_from_its_file(tmp_path: Path) -> None:
    secret_key_path(tmp_path).write_text(KEY + "\n", encoding="ascii")

    assert Settings.from_environment({"ZUJIAN_DATA_DIR": str(tmp_path)}).secret_key == KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80a"),
        ("PORT", "70000"),
        ("SECURE_COOKIES", "yes"),
        ("SQLITE_SYNCHRONOUS", "OFF"),
        ("PROBE_ALLOWED_NETWORKS", "10.1.0.0/16 everywhere"),
        ("SECRET_KEY", "short"),
    ],
)
def test_a_malformed_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    environment = {"ZUJIAN_DATA_DIR": str(tmp_path), "ZUJIAN_SECRET_KEY": KEY, f"ZUJIAN_{name}": value}

    with pytest.raises(SettingsError, match=f"ZUJIAN_{name}"):
        Settings.from_environment(environment)


def test_a_missing_secret_key_names_its_cure(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="zujian init"):
        Settings.from_environment({"ZUJIAN_DATA_DIR": str(tmp_path)})
