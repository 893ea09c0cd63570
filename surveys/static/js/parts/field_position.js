/* Where the phone is, when its owner allows it; never asked for without a reason that is told. */
const PATIENCE = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 };
const EARTH_M = 6_371_000;

/** {at, lat, lon, accuracy} now, or null: not allowed, no signal, no such part. */
export function position(options = {}) {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) =>
        resolve({
          at: new Date(timestamp).toISOString(),
          lat: coords.latitude,
          lon: coords.longitude,
          accuracy: Math.round(coords.accuracy),
        }),
      () => resolve(null),
      { ...PATIENCE, ...options },
    );
  });
}

/** granted, prompt or denied; prompt where the browser does not say. */
export async function allowed() {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state;
  } catch {
    return "prompt";
  }
}

/** Metres between two places on the globe. */
export function metres(one, other) {
  const rad = Math.PI / 180;
  const [a, b] = [one.lat * rad, other.lat * rad];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(((other.lon - one.lon) * rad) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(half));
}
