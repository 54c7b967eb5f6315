-- From schema 1: every journal had one life, and nothing was parked, purged or frozen.

ALTER TABLE upstream ADD COLUMN next_key BLOB;
ALTER TABLE upstream ADD COLUMN next_identity TEXT;
ALTER TABLE upstream ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chain ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chain ADD COLUMN until INTEGER;
ALTER TABLE station ADD COLUMN key_chain INTEGER;
ALTER TABLE station ADD COLUMN key_seq INTEGER;
ALTER TABLE device ADD COLUMN next_owner BLOB;
ALTER TABLE device ADD COLUMN next_recipient TEXT;
ALTER TABLE device ADD COLUMN current INTEGER REFERENCES chain;
ALTER TABLE device ADD COLUMN writes BLOB;
ALTER TABLE device ADD COLUMN frozen INTEGER;
ALTER TABLE device ADD COLUMN thawed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN last_life BLOB;
ALTER TABLE device ADD COLUMN last_seq INTEGER;
ALTER TABLE device ADD COLUMN last_hash BLOB;
ALTER TABLE device ADD COLUMN announced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN knows_next INTEGER NOT NULL DEFAULT 0;
CREATE INDEX device_next ON device (next_owner) WHERE next_owner IS NOT NULL;

UPDATE chain SET own = 1 WHERE id IN (SELECT journal FROM station);
UPDATE device SET current = (SELECT max(id) FROM chain WHERE chain.device = device.device);
UPDATE device SET last_life = c.incarnation, last_seq = c.seq, last_hash = c.hash FROM chain c WHERE c.id = device.current AND revoked IS NOT NULL;
UPDATE chain SET until = seq WHERE device IN (SELECT device FROM device WHERE revoked IS NOT NULL);

CREATE TABLE former (
  key      BLOB PRIMARY KEY,
  seed     BLOB,
  identity TEXT
);

CREATE TABLE former_owner (
  owner  BLOB PRIMARY KEY,
  device BLOB NOT NULL REFERENCES device
);

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

CREATE TABLE purged (
  station INTEGER NOT NULL REFERENCES station,
  event   BLOB NOT NULL,
  PRIMARY KEY (station, event)
) WITHOUT ROWID;

CREATE TABLE sent_back (
  station INTEGER NOT NULL REFERENCES station,
  event   BLOB NOT NULL,
  reason  TEXT NOT NULL,
  PRIMARY KEY (station, event)
) WITHOUT ROWID;

CREATE INDEX parked_device ON parked (device, incarnation, last);
CREATE INDEX parked_event ON parked_entry (event);
CREATE INDEX parked_dossier ON parked_entry (dossier) WHERE dossier IS NOT NULL;

INSERT INTO sent_back (station, event, reason) SELECT DISTINCT chain.station, entry.event, entry.reason
  FROM entry JOIN chain ON chain.id = entry.chain WHERE entry.reason <> '' ON CONFLICT DO NOTHING;

-- What each PC's last parcel said it holds, so that a stick carries only what it lacks.
CREATE TABLE heard (
  device BLOB PRIMARY KEY,
  chains TEXT NOT NULL -- []wire.Held as JSON
);

ALTER TABLE alarm RENAME TO alarm_1;
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
INSERT INTO alarm (id, at, station, device, incarnation, seq, hash, code)
  SELECT alarm_1.id, alarm_1.at, chain.station, chain.device, chain.incarnation, alarm_1.seq, alarm_1.hash,
    CASE alarm_1.code WHEN 'event.same-id' THEN 'alarm.same-id' ELSE 'alarm.forked' END
  FROM alarm_1 JOIN chain ON chain.id = alarm_1.chain;
DROP TABLE alarm_1;
