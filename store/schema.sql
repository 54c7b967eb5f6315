-- One station's file. What is above the line of the views is the truth and is only ever added to, but for ends of chains,
-- receipts, drafts, secrets, and bodies that were purged; what is below can be thrown away and rebuilt from it, and Verify does so and compares.
-- Ids and hashes are BLOBs, moments are milliseconds since 1970 UTC.

PRAGMA application_id = 1414549077; -- "TPNU"

-- A journal: its genesis, its owner's Ed25519 key, and its head with the owner's signature (NULL while nobody has signed one).
CREATE TABLE chain (
	no          INTEGER PRIMARY KEY,
	device      BLOB NOT NULL,
	incarnation BLOB NOT NULL,
	previous    BLOB NOT NULL,
	common_seq  INTEGER NOT NULL,
	common_hash BLOB NOT NULL,
	owner       BLOB NOT NULL,
	seq         INTEGER NOT NULL,
	hash        BLOB NOT NULL,
	signature   BLOB,
	UNIQUE (device, incarnation)
) STRICT;

-- Every head of a chain that came with its owner's signature: up to such a head any holder may hand the chain on.
CREATE TABLE head (
	chain     INTEGER NOT NULL REFERENCES chain,
	seq       INTEGER NOT NULL,
	hash      BLOB NOT NULL,
	signature BLOB NOT NULL,
	PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- The chain this PC writes: the present life of its journal.
CREATE TABLE station (
	one   INTEGER PRIMARY KEY CHECK (one = 1),
	chain INTEGER NOT NULL REFERENCES chain
) STRICT;

-- An event once, however many chains it stands in. no is the order in which events came to this PC. dossier is NULL for events
-- of the station. Salt and body are NULL once purged. own is, for an act, its place in the lineage of what this PC writes. course is 1 for what the
-- dossier's course is made of, 0 for who looked at it and what was printed, of which there is much more.
CREATE TABLE event (
	no      INTEGER PRIMARY KEY,
	id      BLOB NOT NULL UNIQUE,
	dossier BLOB,
	header  BLOB NOT NULL,
	salt    BLOB,
	body    BLOB,
	own     INTEGER,
	course  INTEGER NOT NULL
) STRICT;
CREATE INDEX event_dossier ON event (dossier) WHERE course = 1;

-- The place of an event in a chain, with the chain's hash and the number of its acts up to there.
CREATE TABLE entry (
	chain INTEGER NOT NULL REFERENCES chain,
	seq   INTEGER NOT NULL,
	event INTEGER NOT NULL REFERENCES event,
	hash  BLOB NOT NULL,
	acts  INTEGER NOT NULL,
	PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_event ON entry (event);

-- What this PC's other continuations wrote and its present lineage took over: it was not written here.
CREATE TABLE reclaimed (
	event INTEGER PRIMARY KEY REFERENCES event
) STRICT;

-- What stands in no chain any more since the chain it stood in was recast.
CREATE TABLE loose (
	event INTEGER PRIMARY KEY REFERENCES event
) STRICT;

-- The ids whose salt and body nobody is to keep, those that have not come yet too: decision is the id of the event that says so, NULL
-- where one came without its body. number is the dossier's number, as the purged reception said it, or the decision: it must not be given
-- again.
CREATE TABLE purged (
	event    BLOB PRIMARY KEY,
	decision BLOB,
	number   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Upstream's latest signed word per chain, and the key it was verified with.
CREATE TABLE receipt (
	chain     INTEGER NOT NULL REFERENCES chain,
	key       BLOB NOT NULL,
	seq       INTEGER NOT NULL,
	hash      BLOB NOT NULL,
	number    TEXT NOT NULL,
	station   TEXT NOT NULL,
	at        INTEGER NOT NULL,
	signature BLOB NOT NULL,
	PRIMARY KEY (chain, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
	name  TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What was typed and is not kept as an event yet.
CREATE TABLE draft (
	name TEXT PRIMARY KEY,
	body BLOB NOT NULL
) STRICT;

-- ------------------------------------------------------------------ views

-- A dossier as a row of the list. no counts 1, 2, 3 … in the order in which the first act of each came to this PC: it is the order
-- of the list, no clock decides it, and a page of the list is a range of it. national is the national system's number as it is compared. own are the places of its acts in this PC's lineage;
-- mended is the event of its last act of this PC that answers upstream's wish for mending, sent_back upstream's wish that stands.
-- void is 1 where an act of its course takes no effect. place is where it stands in the registers: its day and its number, written so that the order of the text is theirs. burns is after
-- when somebody will be late with it, NULL where nobody can be; late_after is when its appointment is missed; name_key is the folded name; words are those it is found by, folded,
-- each with a blank before it.
CREATE TABLE dossier (
	no          INTEGER PRIMARY KEY,
	id          BLOB NOT NULL UNIQUE,
	number      TEXT NOT NULL,
	national    TEXT NOT NULL,
	status      INTEGER NOT NULL,
	disputed    INTEGER NOT NULL,
	procedure   TEXT NOT NULL,
	title       TEXT NOT NULL,
	name        TEXT NOT NULL,
	subject     TEXT NOT NULL,
	received_at INTEGER,
	due         INTEGER,
	own_due     INTEGER,
	burns       INTEGER,
	late_after  INTEGER,
	open        INTEGER NOT NULL,
	name_key    TEXT NOT NULL,
	forwarded   INTEGER NOT NULL,
	own         TEXT NOT NULL,
	mended      INTEGER NOT NULL,
	sent_back   INTEGER,
	void        INTEGER NOT NULL,
	place       TEXT NOT NULL,
	words       TEXT NOT NULL
) STRICT;
CREATE INDEX dossier_number ON dossier (number);
CREATE INDEX dossier_national ON dossier (national) WHERE national <> '';
CREATE INDEX dossier_place ON dossier (place);
CREATE INDEX dossier_sent_back ON dossier (no) WHERE sent_back IS NOT NULL;
CREATE INDEX dossier_void ON dossier (no) WHERE void;
CREATE INDEX dossier_name ON dossier (name_key);
-- What something is to be done about is little beside what has ended. All views of the work list lie in it and are answered, counted
-- and searched from this index alone; a dossier outside of it burns no more.
CREATE INDEX dossier_to_do ON dossier (burns, no, status, open, forwarded, disputed, sent_back, name_key, words)
	WHERE open OR disputed OR sent_back IS NOT NULL;
-- The rest of the order of what burns.
CREATE INDEX dossier_calm ON dossier (no) WHERE burns IS NULL;

-- The words a dossier is found by, folded and cut in Go, so that the tokenizer has nothing left to decide. Every beginning of up to
-- six letters has its own list, newest last, so that a search streams from the newest however common the word is.
CREATE VIRTUAL TABLE search USING fts5 (words, tokenize = 'ascii', prefix = '1 2 3 4 5 6', columnsize = 0);
-- Left to itself, FTS5 writes a megabyte every now and then to merge early; it merges anyway where sixteen pieces have come together.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
-- A word that a row does not have any more goes from the index at once: what is purged later may not stand in a piece from before a correction.
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);

-- The last number given per run of numbers; own is 1 for the present life of this PC's journal, 0 for all others.
CREATE TABLE number (
	prefix TEXT NOT NULL,
	day    TEXT NOT NULL,
	series TEXT NOT NULL,
	first  INTEGER NOT NULL,
	own    INTEGER NOT NULL,
	last   INTEGER NOT NULL,
	PRIMARY KEY (prefix, day, series, first, own)
) STRICT, WITHOUT ROWID;

-- The printings of forms of dossiers, on any PC; event is the id of the trace.
CREATE TABLE print (
	dossier BLOB NOT NULL,
	form    TEXT NOT NULL,
	event   BLOB NOT NULL,
	PRIMARY KEY (dossier, form, event)
) STRICT, WITHOUT ROWID;

-- The first word on what became of a printing, which may not have come yet, and the id of the event that said it. Ids grow with
-- time, so it is the same word on every PC, whatever came there first.
CREATE TABLE print_end (
	print   BLOB PRIMARY KEY,
	said    BLOB NOT NULL,
	refused INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Upstream's wishes for mending; about is the id of the event it speaks of, which may not have come yet.
CREATE TABLE sent_back (
	event INTEGER PRIMARY KEY,
	about BLOB NOT NULL,
	why   TEXT NOT NULL
) STRICT;
CREATE INDEX sent_back_about ON sent_back (about);

-- The latest event of this PC's lineage that sets something for the station: 'settings', 'upstream'.
CREATE TABLE standing (
	name  TEXT PRIMARY KEY,
	event INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The units above that this PC was ever enrolled with, by the device that writes their journals, and every key each had.
CREATE TABLE upstream (
	device BLOB NOT NULL,
	key    BLOB NOT NULL,
	PRIMARY KEY (device, key)
) STRICT, WITHOUT ROWID;

-- Where words on the station itself stand: who is a PC of it and with which keys, who another PC's officers are, and packs. Whether their
-- author may say so is asked when they are read.
CREATE TABLE notice (
	chain INTEGER NOT NULL,
	seq   INTEGER NOT NULL,
	event INTEGER NOT NULL,
	kind  TEXT NOT NULL,
	PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- Packs that came, and the code of why one cannot be used.
CREATE TABLE pack (
	event   INTEGER PRIMARY KEY,
	kind    TEXT NOT NULL,
	version INTEGER NOT NULL,
	refused TEXT NOT NULL
) STRICT;

-- In which chain an act stands that is not of this PC's lineage; where it is in several, in the first that came to this PC.
CREATE TABLE whence (
	event INTEGER PRIMARY KEY,
	chain INTEGER NOT NULL,
	seq   INTEGER NOT NULL
) STRICT;

-- The closed days of all PCs. own is the place in this PC's lineage of one that closes a range of it, 0 for all others; until is the
-- place up to which it closes.
CREATE TABLE closing (
	event INTEGER PRIMARY KEY,
	own   INTEGER NOT NULL,
	until INTEGER NOT NULL
) STRICT;

-- The keeper's words on forms, in this PC's lineage.
CREATE TABLE layout (
	event INTEGER PRIMARY KEY
) STRICT;

-- Who may sign in on this PC, as its lineage says. role holds from from_at on, NULL is at once, was until then; last_in is the last time they
-- signed in, reset_at when their password was last set, removed when they were put out.
CREATE TABLE officer (
	id       TEXT PRIMARY KEY,
	name     TEXT NOT NULL,
	title    TEXT NOT NULL,
	role     TEXT NOT NULL,
	was      TEXT NOT NULL,
	from_at  INTEGER,
	since    INTEGER NOT NULL,
	last_in  INTEGER,
	reset_at INTEGER,
	removed  INTEGER
) STRICT, WITHOUT ROWID;

-- What this PC's clock has said: the latest moment since the officer last said that it is right, the last, and the officer's latest word.
CREATE TABLE clock (
	one      INTEGER PRIMARY KEY CHECK (one = 1),
	latest   INTEGER NOT NULL,
	last     INTEGER NOT NULL,
	said_day TEXT NOT NULL,
	said_time TEXT NOT NULL,
	said_at  INTEGER NOT NULL
) STRICT;
