"""The code on a page of the reference, as a reader copies it."""

import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

CODE = re.compile(r'<pre tabindex="0"><code>(.*?)</code></pre>', re.DOTALL)
# How each language is run; the others are read only.
RUNNERS = {
    "curl": ("sample.sh", ["bash"]),
    "Python": ("sample.py", [sys.executable]),
    "JavaScript": ("sample.mjs", ["node"]),
}


def page(url: str) -> str:
    answer = requests.get(url, headers={"accept-language": "en"}, timeout=30)
    assert answer.status_code == 200, url
    return answer.text


def blocks(text: str) -> list[str]:
    """Without marks such as the one around a placeholder."""
    return [html.unescape(re.sub(r"</?b>", "", found)) for found in CODE.findall(text)]


def sample(text: str, call: str, language: str) -> str:
    start = text.index(f'id="{call}">')
    return blocks(text[text.index(f"<summary>{language}</summary>", start) :])[0]


def run(code: str, language: str, folder: Path, key: str) -> str:
    """What it printed; what it complained of fails the test."""
    require(language)
    name, runner = RUNNERS[language]
    (folder / name).write_text(code)
    done = subprocess.run(
        [*runner, name],
        cwd=folder,
        env={**os.environ, "PARTERRE_KEY": key},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def require(language: str) -> None:
    """Loud where this machine has nothing that runs such samples, and a failure in CI."""
    program = "curl" if language == "curl" else RUNNERS[language][1][0]  # a shell calls it
    if shutil.which(program):
        return
    missing = f"*** NOTHING RUNS THE SAMPLES IN {language}: install {program}"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)
