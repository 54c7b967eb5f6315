-- What upstream keeps. Times are milliseconds since 1970 UTC by this machine's clock; ids, keys and hashes are their bytes.

CREATE TABLE upstream (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  name        TEXT NOT NULL,
  address     TEXT NOT NULL, -- host:port, as tickets name it
  signing_key BLOB NOT NULL, -- Ed25519 seed: TLS, receipts, journals
  identity    TEXT NOT NULL, -- age key that opens envelopes
  next_key      BLOB,        -- both of the time after the next change of keys, NULL while none is announced
  next_identity TEXT,
  generation  INTEGER NOT NULL DEFAULT 0 -- grows with every change above
);

-- Keys upstream had before, or had when its file was a later one: what they signed is still its word, what was sealed to them is still
-- opened. seed and identity are NULL where only the public key has come back.
CREATE TABLE former (
  key      BLOB PRIMARY KEY,
  seed     BLOB,
  identity TEXT
);

-- A journal: of one device in one life, or upstream's own for one station.
CREATE TABLE chain (
  id          INTEGER PRIMARY KEY,
  station     INTEGER NOT NULL REFERENCES station DEFERRABLE INITIALLY DEFERRED,
  device      BLOB NOT NULL,
  incarnation BLOB NOT NULL,
  previous    BLOB NOT NULL,
  common_seq  INTEGER NOT NULL,
  common_hash BLOB NOT NULL,
  owner       BLOB NOT NULL,
  seq         INTEGER NOT NULL,
  hash        BLOB NOT NULL,
  judged      INTEGER NOT NULL DEFAULT 0, -- up to here upstream has said what it thinks
  own         INTEGER NOT NULL DEFAULT 0, -- upstream writes it
  until       INTEGER,                    -- of a revoked PC: what stands after this is not accepted
  UNIQUE (device, incarnation)
);

CREATE TABLE station (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  journal INTEGER NOT NULL REFERENCES chain DEFERRABLE INITIALLY DEFERRED, -- the life of upstream's own that is written
  key_chain INTEGER, -- where the next key was announced to it
  key_seq   INTEGER
);

-- A PC of a station.
CREATE TABLE device (
  device    BLOB PRIMARY KEY,
  station   INTEGER NOT NULL REFERENCES station,
  desk      INTEGER NOT NULL,
  owner     BLOB NOT NULL UNIQUE,
  recipient TEXT NOT NULL,
  enrolled  INTEGER NOT NULL,
  revoked   INTEGER, -- since when nothing new of it is taken any more
  next_owner     BLOB, -- the keys of its next life
  next_recipient TEXT,
  current   INTEGER REFERENCES chain, -- the life that is continued
  writes    BLOB,                     -- the life it said it writes
  frozen    INTEGER,                  -- since when two copies of it are known to be alive
  thawed    INTEGER NOT NULL DEFAULT 0, -- a person decided: the next life that comes is continued
  last_life BLOB,    -- of a revoked one: the last accepted entry
  last_seq  INTEGER,
  last_hash BLOB,
  announced INTEGER NOT NULL DEFAULT 0, -- upstream's journal says that it is a PC of the station
  knows_next INTEGER NOT NULL DEFAULT 0 -- it holds upstream's word on the next key
);
CREATE INDEX device_next ON device (next_owner) WHERE next_owner IS NOT NULL;

-- Keys a PC had in earlier lives: a parcel of that time still comes in.
CREATE TABLE former_owner (
  owner  BLOB PRIMARY KEY,
  device BLOB NOT NULL REFERENCES device
);

CREATE TABLE ticket (
  number    INTEGER PRIMARY KEY,
  proof_key BLOB NOT NULL, -- made from the secret, which is not kept
  station   INTEGER NOT NULL REFERENCES station,
  desk      INTEGER NOT NULL,
  until     INTEGER NOT NULL,
  tries     INTEGER NOT NULL DEFAULT 0, -- with a wrong secret
  device    BLOB REFERENCES device      -- who used it
);

-- Every entry that came, whatever upstream thinks of it.
CREATE TABLE entry (
  id      INTEGER PRIMARY KEY,
  chain   INTEGER NOT NULL REFERENCES chain,
  seq     INTEGER NOT NULL,
  hash    BLOB NOT NULL, -- of the chain here
  event   BLOB NOT NULL,
  dossier BLOB,          -- NULL for what happened to the station
  header  BLOB NOT NULL,
  salt    BLOB,          -- NULL when purged, like body
  body    BLOB,
  refused INTEGER NOT NULL DEFAULT 0, -- its id is that of another event: kept for the chain, without effect
  reason  TEXT NOT NULL DEFAULT '',   -- why upstream sent it back
  UNIQUE (chain, seq)
);
CREATE INDEX entry_event ON entry (event);
CREATE INDEX entry_dossier ON entry (dossier) WHERE dossier IS NOT NULL;

-- The owner's signature on each head that came, so that the chain can be handed on.
CREATE TABLE head (
  chain     INTEGER NOT NULL REFERENCES chain,
  seq       INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (chain, seq)
) WITHOUT ROWID;

-- Receipts given; the number runs within a day.
CREATE TABLE receipt (
  id        INTEGER PRIMARY KEY,
  number    TEXT NOT NULL UNIQUE,
  day       TEXT NOT NULL,
  running   INTEGER NOT NULL,
  chain     INTEGER NOT NULL REFERENCES chain,
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  signature BLOB NOT NULL,
  UNIQUE (day, running)
);
CREATE INDEX receipt_chain ON receipt (chain, seq);

-- A view: which dossiers there are, in the order they were first heard of. Numbers come with the reception.
CREATE TABLE dossier (
  id      INTEGER PRIMARY KEY,
  station INTEGER NOT NULL REFERENCES station,
  dossier BLOB NOT NULL,
  number  TEXT NOT NULL DEFAULT '',
  UNIQUE (station, dossier)
);
CREATE INDEX dossier_number ON dossier (number);

-- Runs of entries that came and fit nowhere. They wait until their ids come another way, or for a person.
CREATE TABLE parked (
  id          INTEGER PRIMARY KEY,
  station     INTEGER NOT NULL REFERENCES station,
  device      BLOB NOT NULL REFERENCES device,
  incarnation BLOB NOT NULL,
  previous    BLOB NOT NULL,
  common_seq  INTEGER NOT NULL,
  common_hash BLOB NOT NULL,
  first       INTEGER NOT NULL,
  last        INTEGER NOT NULL,
  before      BLOB NOT NULL,
  hash        BLOB NOT NULL,
  signature   BLOB NOT NULL,
  reason      TEXT NOT NULL,
  at          INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  UNIQUE (device, incarnation, hash, first)
);
CREATE INDEX parked_device ON parked (device, incarnation, last);

CREATE TABLE parked_entry (
  parked  INTEGER NOT NULL REFERENCES parked ON DELETE CASCADE,
  seq     INTEGER NOT NULL,
  event   BLOB NOT NULL,
  dossier BLOB,
  header  BLOB NOT NULL,
  salt    BLOB,
  body    BLOB,
  settled INTEGER NOT NULL, -- its event is held elsewhere
  PRIMARY KEY (parked, seq)
);
CREATE INDEX parked_event ON parked_entry (event);
CREATE INDEX parked_dossier ON parked_entry (dossier) WHERE dossier IS NOT NULL;

-- Events whose bodies nobody keeps any more, by a recorded decision.
CREATE TABLE purged (
  station INTEGER NOT NULL REFERENCES station,
  event   BLOB NOT NULL,
  PRIMARY KEY (station, event)
) WITHOUT ROWID;

-- What upstream has already asked a station to mend, in whatever life of its journal.
CREATE TABLE sent_back (
  station INTEGER NOT NULL REFERENCES station,
  event   BLOB NOT NULL,
  reason  TEXT NOT NULL,
  PRIMARY KEY (station, event)
) WITHOUT ROWID;

-- What each PC said last that it holds, by stick or line, so that a stick carries only what it lacks.
CREATE TABLE heard (
  device BLOB PRIMARY KEY,
  chains TEXT NOT NULL -- []wire.Held as JSON
);

-- What must not happen and was seen to. A PC's life and the place in it; of the PC itself, seq is 0.
CREATE TABLE alarm (
  id          INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  station     INTEGER NOT NULL REFERENCES station,
  device      BLOB NOT NULL,
  incarnation BLOB NOT NULL,
  seq         INTEGER NOT NULL,
  hash        BLOB NOT NULL,
  code        TEXT NOT NULL,
  UNIQUE (code, device, incarnation, seq, hash)
);
