"""A process that writes a journal until it is killed, and says which records it was promised are durable.

python writer.py PATH SEED
"""

import sys
from pathlib import Path
from random import Random

from joulebus.journal.file import Journal
from tests.journal.records import BORN, record

with Journal.open(Path(sys.argv[1])) as journal:
    random = Random(sys.argv[2])
    if journal.last_number == 0:
        journal.append(BORN)
    while True:
        number = journal.append(record(random, journal.last_number), random.randbytes(random.randrange(2000)))
        print(number, journal.head, flush=True)
