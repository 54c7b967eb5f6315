-- What upstream keeps. Times are milliseconds since 1970 UTC by this machine's clock; ids, keys and hashes are their bytes.

CREATE TABLE upstream (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  name        TEXT NOT NULL,
  address     TEXT NOT NULL, -- host:port, as tickets name it
  signing_key BLOB NOT NULL, -- Ed25519 seed: TLS, receipts, journals
  identity    TEXT NOT NULL  -- age key that opens envelopes
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
  UNIQUE (device, incarnation)
);

CREATE TABLE station (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  journal INTEGER NOT NULL REFERENCES chain DEFERRABLE INITIALLY DEFERRED
);

-- A PC of a station.
CREATE TABLE device (
  device    BLOB PRIMARY KEY,
  station   INTEGER NOT NULL REFERENCES station,
  desk      INTEGER NOT NULL,
  owner     BLOB NOT NULL UNIQUE,
  recipient TEXT NOT NULL,
  enrolled  INTEGER NOT NULL,
  revoked   INTEGER -- since when nothing of it is taken any more
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

-- What must not happen and was seen to.
CREATE TABLE alarm (
  id     INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  chain  INTEGER NOT NULL REFERENCES chain,
  seq    INTEGER NOT NULL,
  hash   BLOB NOT NULL,
  code   TEXT NOT NULL,
  UNIQUE (code, chain, seq, hash)
);
