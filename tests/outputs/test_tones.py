"""Tones: valid, short, distinct, and never in the way."""

from __future__ import annotations

import io
import itertools
import wave
from pathlib import Path

import numpy as np
import pytest

from vision.live import Kind
from vision.outputs.tones import RATE_HZ, TUNES, Loudspeaker, tone


def samples(kind: str) -> np.ndarray:
    with wave.open(io.BytesIO(tone(kind))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_message_has_a_short_clean_tone(kind: Kind) -> None:
    sound = samples(kind)
    assert 0.2 < len(sound) / RATE_HZ < 1.6
    assert 0.3 * 32767 < np.abs(sound).max() < 0.7 * 32767  # loud, not clipped
    assert abs(sound[0]) < 400
    assert abs(sound[-1]) < 400


def test_tones_are_told_apart_by_pitch() -> None:
    def pitch_hz(kind: str) -> float:
        sound = samples(kind)
        spectrum = np.abs(np.fft.rfft(sound))
        return float(np.fft.rfftfreq(len(sound), 1 / RATE_HZ)[spectrum.argmax()])

    pitches = [pitch_hz(kind) for kind in TUNES]
    assert all(max(a, b) / min(a, b) > 1.25 for a, b in itertools.combinations(pitches, 2))


def test_without_a_player_it_is_silent() -> None:
    speaker = Loudspeaker(which=lambda name: None)
    assert speaker.silent
    speaker.play("cue")
    speaker.close()


def test_a_player_is_given_the_tone_and_waited_for(tmp_path: Path) -> None:
    heard = tmp_path / "heard.wav"
    player = tmp_path / "aplay"
    player.write_text(f'#!/bin/sh\ncp "$2" {heard}\n')
    player.chmod(0o755)
    speaker = Loudspeaker(which=lambda name: str(player) if name == "aplay" else None)
    speaker.play("stop")
    for process in speaker._playing:
        process.wait(60)
    speaker.close()
    assert heard.read_bytes() == tone("stop")


def test_a_player_that_cannot_be_run_is_nobodys_loss(tmp_path: Path) -> None:
    speaker = Loudspeaker(which=lambda name: str(tmp_path / "missing"))
    speaker.play("cue")
    speaker.play("cue")
    speaker.close()
