// The tables of schema 3, with what lies in them. docs/history.md tells how to read them by hand.

/** Numbers of `rrset.type`: those that IANA gave the types. */
export const TYPE_NUMBERS: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, AAAA: 28, DNAME: 39 }

/** What of a record is an address, in SQL: the partial index is used only where a statement says it in the same words. */
export const IS_ADDRESS = 'type IN (1, 28)'

/**
 * Rows lie in the order in which they are asked for, and names and other texts that come again and again stand once, in `text`,
 * `vantage` and `form`: rows of these three are never removed or changed, so that every process may remember them.
 */
export const SCHEMA_3 = `
  CREATE TABLE text (
    ref INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE vantage (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
  ) STRICT;

  -- How a question came out; '' where there is nothing to say. authoritative: 'yes' or 'no'.
  CREATE TABLE form (
    number INTEGER PRIMARY KEY,
    qtype TEXT NOT NULL,
    outcome TEXT NOT NULL,
    failure TEXT NOT NULL,
    rcode TEXT NOT NULL,
    freshness TEXT NOT NULL,
    authoritative TEXT NOT NULL,
    side TEXT NOT NULL,
    UNIQUE (qtype, outcome, failure, rcode, freshness, authoritative, side)
  ) STRICT;

  CREATE TABLE observation (
    target INTEGER NOT NULL,      -- twice the ref of the name, and 1 more for a zone
    at INTEGER NOT NULL,          -- ms since the epoch
    key INTEGER NOT NULL,         -- of its id (core/history/row-key.ts)
    round INTEGER NOT NULL,
    since_start INTEGER,          -- ms from the start of the round to "at"; NULL: the id stands in "more"
    vantage INTEGER NOT NULL,
    qname INTEGER,                -- ref; NULL: the name of the target
    form INTEGER NOT NULL,
    rtt_us INTEGER,               -- NULL: it stands in "more", ms
    answer TEXT,                  -- [[owner, type, ttl, data, data, …], …]; owner 0: the name that was asked for
    authority TEXT,
    additional TEXT,
    more TEXT,                    -- what few have: server, scope, errors, told, rtt, id, suffix (of the id)
    PRIMARY KEY (target, at, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rrset (
    name INTEGER NOT NULL,        -- ref
    type INTEGER NOT NULL,        -- 1 A, 2 NS, 5 CNAME, 28 AAAA, 39 DNAME
    data ANY NOT NULL,            -- addresses: a blob, 04 or 06 and the octets; others: ref
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    count INTEGER NOT NULL,
    sensor_observations INTEGER NOT NULL,
    sensor_told INTEGER NOT NULL, -- the largest sum that one of them told
    vantages INTEGER NOT NULL,    -- bit n: vantage n
    more_vantages TEXT,           -- JSON array of numbers above 51
    day INTEGER NOT NULL,         -- the latest day that it was seen on, since the epoch
    hours INTEGER NOT NULL,       -- bit n: seen in the hour n (UTC) of that day; of days before: address_hours
    PRIMARY KEY (name, type, data)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rrset_by_data ON rrset (data, type, name, first_seen);
  CREATE INDEX rrset_by_first_seen ON rrset (name, first_seen) WHERE ${IS_ADDRESS};

  CREATE TABLE owner (
    name INTEGER PRIMARY KEY,
    first_seen INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE address (
    address BLOB PRIMARY KEY,
    first_seen INTEGER NOT NULL,
    placed INTEGER NOT NULL DEFAULT 0,
    asn INTEGER,
    organisation INTEGER,         -- ref
    country TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX address_unplaced ON address (address) WHERE placed = 0;
  CREATE INDEX address_by_asn ON address (asn, address) WHERE asn IS NOT NULL;
  CREATE INDEX address_by_country ON address (country, address) WHERE country IS NOT NULL;

  -- Days that the rows of rrset have left behind.
  CREATE TABLE address_hours (
    address BLOB NOT NULL,
    day INTEGER NOT NULL,         -- since the epoch
    hours INTEGER NOT NULL,       -- bit n: seen in the hour n (UTC)
    PRIMARY KEY (address, day)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE day (
    day INTEGER PRIMARY KEY,
    answer INTEGER NOT NULL DEFAULT 0,
    nodata INTEGER NOT NULL DEFAULT 0,
    nxdomain INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    sensor_observations INTEGER NOT NULL DEFAULT 0,
    new_records INTEGER NOT NULL DEFAULT 0,
    new_names INTEGER NOT NULL DEFAULT 0,
    new_addresses INTEGER NOT NULL DEFAULT 0
  ) STRICT;

  CREATE VIEW observation_readable AS
    SELECT iif(o.target & 1, 'zone:', 'host:') || t.text AS target,
      strftime('%Y-%m-%dT%H:%M:%fZ', o.at / 1000.0, 'unixepoch') AS at,
      o.round, v.id AS vantage, coalesce(q.text, t.text) AS qname, f.qtype, f.outcome, f.failure, f.rcode,
      f.freshness, f.authoritative, f.side, o.rtt_us / 1000.0 AS rtt_ms, o.answer, o.authority, o.additional, o.more
    FROM observation o
      JOIN text t ON t.ref = o.target >> 1
      JOIN vantage v ON v.number = o.vantage
      JOIN form f ON f.number = o.form
      LEFT JOIN text q ON q.ref = o.qname;

  CREATE VIEW rrset_readable AS
    SELECT n.text AS name,
      CASE r.type WHEN 1 THEN 'A' WHEN 2 THEN 'NS' WHEN 5 THEN 'CNAME' WHEN 28 THEN 'AAAA' ELSE 'DNAME' END AS type,
      iif(typeof(r.data) = 'blob', hex(substr(r.data, 2)), d.text) AS data,
      strftime('%Y-%m-%dT%H:%M:%fZ', r.first_seen / 1000.0, 'unixepoch') AS first_seen,
      strftime('%Y-%m-%dT%H:%M:%fZ', r.last_seen / 1000.0, 'unixepoch') AS last_seen,
      r.count, max(r.sensor_observations, r.sensor_told) AS sensor_count
    FROM rrset r
      JOIN text n ON n.ref = r.name
      LEFT JOIN text d ON d.ref = r.data AND typeof(r.data) = 'integer';
`
