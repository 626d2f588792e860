// Calling for attention, gently: the count in the tab's title, two soft tones, a sentence for screen readers.

import { byId } from "./dom.js";

const TONES = [523.25, 659.25]; // C5, E5: a question, not an alarm
const TONE_SECONDS = 0.35;
const LOUDNESS = 0.05; // heard in a quiet room, not through a headset's conversation

const title = document.title;
const announcer = byId("announcer", HTMLElement);
/** @type {AudioContext | null} */
let audio = null;
let ringing = 0;

/** @param {number} count of unread messages; never a word of them */
export function showUnread(count) {
  document.title = count ? `(${count}) ${title}` : title;
}

/** @param {string} sentence */
export function announce(sentence) {
  announcer.textContent = "";
  setTimeout(() => {
    announcer.textContent = sentence;
  }, 50); // the same sentence twice is heard twice
}

/** Made when somebody presses something: before that, browsers allow no sound. */
export async function allowSound() {
  if (audio) return;
  audio = new AudioContext();
  await audio.resume();
  await rest(audio);
}

export async function chime() {
  if (!audio) return;
  ringing += 1;
  await audio.resume();
  const rung = TONES.map((tone, place) => ring(/** @type {AudioContext} */ (audio), tone, place * TONE_SECONDS * 0.6));
  await Promise.all(rung);
  ringing -= 1;
  await rest(audio);
}

/** One that runs keeps the loudspeaker open and a processor awake, for a whole shift. @param {AudioContext} context */
async function rest(context) {
  if (ringing === 0) await context.suspend();
}

/**
 * @param {AudioContext} context
 * @param {number} tone Hz
 * @param {number} after seconds
 * @returns {Promise<unknown>} once it has rung
 */
function ring(context, tone, after) {
  const [oscillator, gain] = [context.createOscillator(), context.createGain()];
  const start = context.currentTime + after;
  oscillator.frequency.value = tone;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.03);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + TONE_SECONDS);
  oscillator.connect(gain).connect(context.destination);
  const rung = new Promise((resolve) => oscillator.addEventListener("ended", resolve));
  oscillator.start(start);
  oscillator.stop(start + TONE_SECONDS);
  return rung;
}
