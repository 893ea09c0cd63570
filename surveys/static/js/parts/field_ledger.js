/* The evidence ledger that goes with a record: what was captured when and where, timings, and what
 * happened on the phone meanwhile. Times are the phone's; sent_at lets the server see its clock. */
const MOST_EVENTS = 3000;
const MOST_POSITIONS = 50;

/** Note that something happened; answering one question again and again is one event. */
export function note(record, what, path) {
  const at = new Date().toISOString();
  const last = record.events.at(-1);
  if (last && what === "answered" && last.what === what && last.path === path) last.at = at;
  else if (record.events.length < MOST_EVENTS) record.events.push(path ? { at, what, path } : { at, what });
}

export function notePosition(record, found) {
  if (found && record.positions.length < MOST_POSITIONS) record.positions.push(found);
}

/** What stays the same at every sending. */
export function ledger(record, files, app) {
  return {
    app,
    started_at: record.startedAt,
    ended_at: record.endedAt,
    files: files.map((file) => ({
      name: file.name,
      question: file.question,
      sha256: file.sha256,
      size: file.size,
      media_type: file.media_type,
      captured_at: file.captured_at,
      source: file.source,
      lastModified: file.lastModified,
      lat: file.lat ?? null,
      lon: file.lon ?? null,
      accuracy: file.accuracy ?? null,
      mock: null, // no browser tells
    })),
    steps: Object.values(record.timers).flatMap((clock) =>
      clock.runs.map((run) => ({ code: clock.code, seconds: run.seconds, started_at: run.started_at, ended_at: run.ended_at })),
    ),
    positions: record.positions,
    events: record.events,
  };
}
