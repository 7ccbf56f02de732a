"""What the user prefers, in the editor's profile."""

from photochrom_client.kit.preferences import NAME, Preferences


def test_saved_values_are_there_next_time_and_the_others_stay(tmp_path):
    Preferences(tmp_path).save("one", [1])
    Preferences(tmp_path).save("two", "2")
    assert Preferences(tmp_path).saved("one", None) == [1]
    assert Preferences(tmp_path).saved("three", "none") == "none"


def test_note_is_wanted_until_it_is_switched_off(tmp_path):
    preferences = Preferences(tmp_path)
    assert preferences.note_wanted()
    preferences.want_note(True)
    assert not (tmp_path / NAME).exists()
    preferences.want_note(False)
    assert not Preferences(tmp_path).note_wanted()


def test_damaged_file_and_missing_profile_mean_the_defaults(tmp_path):
    (tmp_path / NAME).write_text("[1", encoding="utf-8")
    assert Preferences(tmp_path).saved("one", 1) == 1
    Preferences(tmp_path / "gone").save("one", 2)
    assert Preferences(tmp_path / "gone").saved("one", 1) == 1
