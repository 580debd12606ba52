"""A distance that is known in the picture."""

from __future__ import annotations

import pytest

from vision.__main__ import main
from vision.pipeline import Distance


def test_pixels_of_a_metre_count_width_and_height_each_in_its_own() -> None:
    assert Distance((0.1, 0.5), (0.6, 0.5), 10.0).px_per_m((1000, 500)) == pytest.approx(50.0)
    assert Distance((0.5, 0.1), (0.5, 0.6), 10.0).px_per_m((1000, 500)) == pytest.approx(25.0)
    assert Distance((0.0, 0.0), (0.3, 0.8), 5.0).px_per_m((1000, 500)) == pytest.approx(100.0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0.1,0.2,0.3", "expected X1,Y1,X2,Y2,METRES"),
        ("0.1,0.2,0.3,0.4,far", "expected X1,Y1,X2,Y2,METRES"),
        ("0.1,0.2,1.3,0.4,10", "between 0 and 1"),
        ("0.1,0.2,0.1,0.2,10", "two different points"),
        ("0.1,0.2,0.3,0.4,0", "metres above 0"),
        ("0.1,0.2,0.3,0.4,nan", "metres above 0"),
    ],
)
def test_a_distance_that_cannot_be_is_refused_in_one_line(
    text: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["analyse", "no.mp4", "--distance", text])
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1
