import os
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from config import valkey
from scripts.preflight import CHECKOUT


def test_the_broker_answers_on_its_socket_and_on_no_port(tmp_path: Path) -> None:
    with valkey.running(tmp_path) as address, redis.Redis.from_url(address) as client:
        assert client.ping()
        assert client.config_get("port")["port"] == "0"
        assert client.config_get("appendonly")["appendonly"] == "yes"


def test_what_was_queued_is_there_after_the_broker_starts_again(tmp_path: Path) -> None:
    with valkey.running(tmp_path) as address, redis.Redis.from_url(address) as client:
        client.rpush("queue", "a mail to send")
    with valkey.running(tmp_path) as address, redis.Redis.from_url(address) as client:
        assert client.lrange("queue", 0, -1) == [b"a mail to send"]


def test_a_very_deep_folder_gets_a_short_socket_in_a_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("ü" * 20) / ("deep " * 20) / ("deeper" * 20)
    with valkey.running(deep) as address, redis.Redis.from_url(address) as client:
        assert client.ping()
        listening_at = valkey.socket_path(deep)
        assert len(os.fsencode(listening_at)) <= 103
        assert listening_at.parent.stat().st_mode & 0o777 == 0o700
        assert (deep / "valkey" / "appendonlydir").is_dir()
    assert not listening_at.parent.exists()


def test_every_process_works_out_the_same_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 40)
    ask = f"from pathlib import Path; from config import valkey; print(valkey.socket_url(Path({str(deep)!r})))"
    told = subprocess.run([sys.executable, "-c", ask], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == valkey.socket_url(deep)
    assert valkey.socket_url(tmp_path / ("other" * 40)) != valkey.socket_url(deep)


def test_a_folder_that_others_could_have_made_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 40)
    folder = valkey.socket_path(deep).parent
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        with pytest.raises(valkey.NoValkey, match="open to others"):
            valkey.socket_url(deep)
    finally:
        folder.rmdir()


def test_a_link_planted_in_its_place_is_refused(tmp_path: Path) -> None:
    deep, elsewhere = tmp_path / ("deep" * 40), tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    folder = valkey.socket_path(deep).parent
    folder.symlink_to(elsewhere)
    try:
        with pytest.raises(valkey.NoValkey, match="somebody else"):
            valkey.socket_url(deep)
    finally:
        folder.unlink()


def test_a_second_broker_on_the_same_data_is_told_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "config.valkey"]
    env = {**os.environ, "VAR": str(tmp_path)}
    first = subprocess.Popen(command, cwd=CHECKOUT, env=env, stdout=subprocess.DEVNULL)
    try:
        valkey._wait_for(valkey.socket_path(tmp_path), first)
        second = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False)
        assert second.returncode != 0
        assert second.stderr.strip() == f"A broker is already running for {tmp_path}."
        with redis.Redis.from_url(valkey.socket_url(tmp_path)) as client:
            assert client.ping()
    finally:
        first.terminate()
        first.wait()


def test_without_any_server_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(valkey.NoValkey, match=r"install redis-server, or give .* REDIS_URL"):
        valkey.find_server()


def test_a_server_on_the_path_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "redis-server").symlink_to(valkey.find_server())
    monkeypatch.setattr(valkey, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert valkey.find_server() == tmp_path / "redis-server"
    with valkey.running(tmp_path / "var") as address, redis.Redis.from_url(address) as client:
        assert client.ping()
