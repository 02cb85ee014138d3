// What a script adds to the page of a publication: its map, the position of the phone, a key for what is sent.
import { changeMap } from "./map.js";

/** @type {{ slug: string, lang: string, service: string, texts: Record<string, string>, theme: * }} */
const page = JSON.parse(document.getElementById("page-data")?.textContent || "{}");

/** @param {string} path */
async function request(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path} ${answer.status}`);
  return answer.json();
}

// The same remark sent twice is kept once.
function markForm() {
  const key = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=key]"));
  if (key && !key.value) key.value = [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function offerPosition() {
  const button = document.getElementById("here");
  const failed = document.getElementById("here-failed");
  if (!button || !failed || !navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { location.href = `?lon=${coords.longitude.toFixed(5)}&lat=${coords.latitude.toFixed(5)}#mine`; },
      () => { failed.hidden = false; },
      { timeout: 10_000, maximumAge: 60_000 },
    );
  });
}

// The map is brought when it comes into sight: who only looks up a village does not pay for it.
function offerMap() {
  const part = document.getElementById("map-part");
  const node = document.getElementById("map");
  const failed = document.getElementById("map-failed");
  if (!part || !node || !failed) return;
  part.hidden = false;
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    seen.disconnect();
    const found = document.querySelectorAll("[data-place]");
    const mine = found.length === 1 ? found[0].getAttribute("data-place") ?? undefined : undefined;
    changeMap(node, page, request, mine).catch(() => { node.hidden = true; failed.hidden = false; });
  }, { rootMargin: "200px" });
  seen.observe(node);
}

markForm();
offerPosition();
offerMap();
