import base64
import subprocess
import sys
from pathlib import Path

from tools import environment
from tools.sandbox import ensure_secrets

START = """
import sys
from pathlib import Path
from tools.sandbox import ensure_secrets
print(sorted(ensure_secrets(Path(sys.argv[1])).items()))
"""


def test_secrets_are_random_long_and_for_the_owner_only(tmp_path: Path) -> None:
    var = tmp_path / "var"
    made = ensure_secrets(var)
    assert set(made) == set(environment.SECRETS)
    assert len(set(made.values())) == len(made)
    assert all(len(base64.urlsafe_b64decode(value + "=")) == 32 for value in made.values())
    assert (var / "secrets.env").stat().st_mode & 0o777 == 0o600
    assert ensure_secrets(var) == made


def test_a_new_secret_is_added_and_the_old_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("CONTEXT_KEY=kept\n")
    made = ensure_secrets(tmp_path)
    assert made["CONTEXT_KEY"] == "kept"
    assert environment.stored_secrets(str(tmp_path)) == made


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", START, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({start.communicate()[0] for start in starts}) == 1
