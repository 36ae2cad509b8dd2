"""The load that the clients of the application before make, for Locust.

Each user registers, logs in, looks at lists, charts and its profile, sends documents to be
read, logs out and in again. The pictures are specimens, which `--specimens` names:

    locust -f load/locustfile.py --headless --users 20 --run-time 2m \
        --host http://127.0.0.1:8000 --specimens FOLDER --html report.html

FOLDER holds a folder for each card, called by kind and a number (`cin-1`, `permis-2`), with
the files `recto.png` and `verso.png` that `wathiqa specimen` draws. `scripts/load locust`
does all of it. The same scenario for goose is in crates/load.
"""

import itertools
import pathlib
import time
import uuid
import zlib

from locust import HttpUser, between, events, task

# As the old clients register, see "Clients of the application before" in docs/OPERATIONS.md.
PASSWORD = "test123"

LISTS = ["/cin/all", "/permis/all", "/gris/all"]
CHARTS = [
    "/charts/overview",
    "/charts/gender-distribution",
    "/charts/cities-distribution",
    "/charts/license-categories",
    "/charts/car-usage-types",
    "/charts/monthly-stats",
    "/charts/daily-stats",
    "/charts/dashboard",
    "/charts/essential",
    "/gris/evolution-mensuel",
]


@events.init_command_line_parser.add_listener
def _(parser):
    parser.add_argument(
        "--specimens", type=pathlib.Path, required=True, help="Folder of the drawn cards"
    )


class Card:
    """The two pictures of a card, which can be photographed again and again."""

    def __init__(self, folder: pathlib.Path):
        self.kind = folder.name.partition("-")[0]
        self.recto = (folder / "recto.png").read_bytes()
        self.verso = (folder / "verso.png").read_bytes()

    def photographed(self):
        """Its files as a form. Each time the front is another file: the service reads it, and
        does not answer what it remembers of the same pictures."""
        front = commented(self.recto, uuid.uuid4().bytes)
        return {
            "recto": ("recto.png", front, "image/png"),
            "verso": ("verso.png", self.verso, "image/png"),
        }


def commented(png: bytes, text: bytes) -> bytes:
    """A PNG file with a comment, before the chunk of 12 bytes that ends it."""
    chunk = b"tEXt" + b"Comment\0" + text.hex().encode()
    length = len(chunk) - 4
    checked = length.to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return png[:-12] + checked + png[-12:]


class Client(HttpUser):
    """An agent at work. The weights are how often each task is chosen."""

    wait_time = between(0.5, 2.0)

    def on_start(self):
        """Registers and logs in, then does each task once, so that a short run has all of
        them."""
        folders = sorted(self.environment.parsed_options.specimens.iterdir())
        cards = [Card(folder) for folder in folders]
        self.cards = itertools.cycle(cards)
        self.lists = itertools.cycle(LISTS)
        self.charts = itertools.cycle(CHARTS)
        self.account = {"email": f"load-{uuid.uuid4()}@example.org", "password": PASSWORD}
        self.expect(201, "POST", "/auth/register", json=self.account)
        self.log_in()
        self.look_at_a_list()
        self.look_at_a_chart()
        self.look_at_the_profile()
        self.have_a_document_read()
        self.log_out_and_in_again()

    def log_in(self):
        answer = self.expect(200, "POST", "/auth/login", json=self.account)
        if answer is not None:
            self.client.headers["Authorization"] = f"Bearer {answer['token']}"

    def expect(self, status, method, path, **request):
        """Sends a request and returns the JSON of its answer; another status is a failure."""
        with self.client.request(method, path, catch_response=True, **request) as response:
            if response.status_code == status:
                return response.json()
            response.failure(f"{response.status_code}: {response.text[:200]}")
            return None

    @task(10)
    def look_at_a_list(self):
        self.expect(200, "GET", next(self.lists))

    @task(10)
    def look_at_a_chart(self):
        self.expect(200, "GET", next(self.charts))

    @task(4)
    def look_at_the_profile(self):
        self.expect(200, "GET", "/me")

    @task(6)
    def have_a_document_read(self):
        """A service whose queue is full says when to come again; that is no failure, and is
        counted apart."""
        card = next(self.cards)
        path = f"/{card.kind}/process"
        files = card.photographed()
        while True:
            with self.client.post(path, files=files, catch_response=True) as response:
                if response.status_code == 200:
                    return
                wait = response.headers.get("Retry-After")
                if response.status_code != 503 or wait is None:
                    response.failure(f"{response.status_code}: {response.text[:200]}")
                    return
                response.request_meta["name"] = f"{path} (busy)"
                response.success()
            time.sleep(float(wait))

    @task(2)
    def log_out_and_in_again(self):
        self.expect(200, "POST", "/auth/logout")
        self.log_in()
