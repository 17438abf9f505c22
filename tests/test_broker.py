"""The embedded broker keeps its promises, shown with kombu's own connections and with processes that die."""

import signal
import subprocess
import sys
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

from tests.records import REPO
from trialtracker.broker import Transport

pytestmark = pytest.mark.storeless

QUEUE = Queue("work", Exchange("work"), routing_key="work")

SENDER = """
import sys
from tests.test_broker import connect, send
with connect(sys.argv[1]) as connection:
    for number in range(int(sys.argv[2])):
        send(connection, number, "x" * 5000)
"""
HOLDER = """
import sys, time
from tests.test_broker import connect, take
with connect(sys.argv[1]) as connection:
    print(take(connection).payload[0], flush=True)
    time.sleep(60)
"""


def connect(folder):
    options = {"data_folder_in": f"{folder}/messages", "data_folder_out": f"{folder}/messages", "control_folder": f"{folder}/control"}
    return Connection("filesystem://localhost", transport="trialtracker.broker:Transport", transport_options=options)


def send(connection, *payload):
    connection.Producer().publish(payload, exchange=QUEUE.exchange, routing_key="work", declare=[QUEUE], serializer="json")


def take(connection):
    """Return the next message, unacknowledged, or None."""
    return QUEUE(connection.default_channel).get()


@pytest.fixture
def folder(tmp_path):
    Transport.global_state.clear()  # what kombu remembers of queues for as long as a process runs
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.fixture
def connection(folder):
    with connect(folder) as connection:
        yield connection


@pytest.fixture
def other(folder):
    """Another channel of the same process."""
    with connect(folder) as connection:
        yield connection


def python(source, *arguments, **options):
    return subprocess.Popen([sys.executable, "-c", source, *map(str, arguments)], cwd=REPO, stdout=subprocess.PIPE, text=True, **options)


def test_messages_come_in_the_order_in_which_they_were_sent_and_once(connection, other, folder):
    for number in range(3):
        send(connection, number)
    first, second = take(connection), take(other)
    assert (first.payload, second.payload) == ([0], [1])
    first.ack()
    second.ack()
    last = take(other)
    assert last.payload == [2]
    last.ack()
    assert take(connection) is None
    assert list((folder / "messages").iterdir()) == []


def test_a_message_in_hand_is_kept_until_it_is_acknowledged(connection, other, folder):
    send(connection, "task")
    message = take(connection)
    assert take(other) is None
    assert len(list((folder / "messages").iterdir())) == 1
    message.requeue()
    again = take(other)
    assert again.payload == ["task"]
    again.reject()
    assert list((folder / "messages").iterdir()) == []


def test_a_connection_that_closes_gives_back_what_it_had_in_hand(folder, other):
    with connect(folder) as connection:
        send(connection, "task")
        take(connection)
    assert take(other).payload == ["task"]


def test_a_killed_process_gives_back_what_it_had_in_hand(connection, folder):
    send(connection, "task")
    with python(HOLDER, folder) as holder:
        assert holder.stdout.readline() == "task\n"
        assert take(connection) is None
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert take(connection).payload == ["task"]


def test_no_message_is_lost_or_doubled_between_processes(connection, folder):
    counts = [150, 150]
    with python(SENDER, folder, counts[0]) as one, python(SENDER, folder, counts[1]) as two:
        taken = []
        while len(taken) < sum(counts):
            running = one.poll() is None or two.poll() is None
            message = take(connection)
            if message:
                taken.append(message.payload[0])
                message.ack()
            elif not running:
                break
    assert sorted(taken) == sorted([*range(150), *range(150)])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"properties": null}', "7"])
def test_a_file_that_holds_no_message_is_put_aside_and_does_not_block_the_queue(connection, folder, caplog, text):
    (folder / "messages" / "0.work.msg").write_text(text)
    send(connection, "task")
    assert take(connection).payload == ["task"]
    assert [path.name for path in (folder / "messages").glob("*.broken")] == ["0.work.broken"]
    assert "is no message" in caplog.text


def test_a_queue_without_acknowledgement_keeps_nothing(connection, folder):
    send(connection, "news")
    heard = []
    with connection.Consumer([QUEUE], callbacks=[lambda payload, message: heard.append(payload)], no_ack=True):
        connection.drain_events(timeout=2)
    assert heard == [["news"]]
    assert list((folder / "messages").iterdir()) == []


def test_a_purged_message_can_still_be_acknowledged(connection, other):
    send(connection, "task")
    message = take(connection)
    assert QUEUE(other.default_channel).purge() == 1
    message.ack()
    with pytest.raises(Empty):
        connection.default_channel._get("work")
