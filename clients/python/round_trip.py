"""What a client does in a day: an account, a card read, listed, corrected, counted, erased.

    python round_trip.py http://127.0.0.1:8000 FOLDER     # with recto.png and verso.png of a card

`wathiqa_client` is what `scripts/clients python` generates.
"""

import pathlib
import sys
import uuid
from typing import TypeVar

from wathiqa_client import AuthenticatedClient, Client
from wathiqa_client.api.comptes import (
    get_me,
    post_auth_login,
    post_auth_logout,
    post_auth_register,
)
from wathiqa_client.api.documents import delete_cin_id, get_cin_id, post_cin_process
from wathiqa_client.api.graphiques import get_charts_overview
from wathiqa_client.api.recherche import get_cin, get_search, patch_cin_id, post_cin_id_approve
from wathiqa_client.models import (
    CinChanges,
    CinPage,
    CinPictures,
    CinReading,
    CinReceipt,
    Credentials,
    Finds,
    Me,
    Message,
    Overview,
    Record,
    Registration,
    SignedIn,
)
from wathiqa_client.types import File

T = TypeVar("T")


def told(kind: type[T], answer: object) -> T:
    """The answer, which is of this kind; a refusal ends the program with its text."""
    if not isinstance(answer, kind):
        raise SystemExit(f"{kind.__name__} was expected: {answer}")
    return answer


def main(url: str, folder: pathlib.Path) -> None:
    email, password = f"{uuid.uuid4()}@example.org", "un mot de passe d essai"
    anyone = Client(base_url=url)
    registration = Registration(email=email, password=password, full_name="Salma Essai")
    told(Message, post_auth_register.sync(client=anyone, body=registration))
    credentials = Credentials(email=email, password=password)
    signed_in = told(SignedIn, post_auth_login.sync(client=anyone, body=credentials))
    client = AuthenticatedClient(base_url=url, token=signed_in.token)
    assert told(Me, get_me.sync(client=client)).email == email

    with open(folder / "recto.png", "rb") as recto, open(folder / "verso.png", "rb") as verso:
        pictures = CinPictures(
            recto=File(payload=recto, file_name="recto.png"),
            verso=File(payload=verso, file_name="verso.png"),
        )
        reading = told(CinReading, post_cin_process.sync(client=client, body=pictures))
    assert reading.cin, "the number was read"
    assert reading.fields["cin"].value == reading.cin

    page = told(CinPage, get_cin.sync(client=client, number=str(reading.cin)))
    assert [item.id for item in page.items] == [reading.id]
    found = told(Finds, get_search.sync(client=client, q=str(reading.identite.nom.fr)))
    assert found.items[0].id == reading.id

    seen = get_cin_id.sync_detailed(reading.id, client=client)
    changes = CinChanges(nom_fr="EL FASSI")
    corrected = told(
        Record,
        patch_cin_id.sync(reading.id, client=client, body=changes, if_match=seen.headers["ETag"]),
    )
    assert corrected["nom_fr"] == "EL FASSI"
    assert corrected.corrections and corrected.corrections["nom_fr"].machine == reading.identite.nom.fr
    approved = told(Record, post_cin_id_approve.sync(reading.id, client=client))
    assert approved.status == "approved"

    assert told(Overview, get_charts_overview.sync(client=client)).total_cin == 1
    erased = told(CinReceipt, delete_cin_id.sync(reading.id, client=client))
    assert erased.erased.records == 1
    told(Message, post_auth_logout.sync(client=client))
    assert get_me.sync_detailed(client=client).status_code == 401
    print(f"Python: {url} read card {reading.cin}")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
