// Judges public pages from outside, with the tools that others would use: pa11y (HTML_CodeSniffer, WCAG 2 AA; axe is asked beside every story),
// and Lighthouse with its own slow phone on slow 4G. `node judge.mjs chromium pa11y|lighthouse ADDRESS…` prints one JSON
// object a line: the address, and what was found or measured.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import pa11y from "pa11y";
import puppeteer from "puppeteer";

const ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"];
const PATIENCE_MS = 60_000; // two shared cores

async function byPa11y(chromium, addresses, tell) {
  const browser = await puppeteer.launch({ executablePath: chromium, args: ARGUMENTS });
  try {
    for (const address of addresses) {
      const page = await browser.newPage();
      const found = await pa11y(address, {
        browser, page, standard: "WCAG2AA", timeout: PATIENCE_MS,
      });
      await page.close();
      tell(address, { issues: found.issues.map(({ code, selector }) => `${code} ${selector}`) });
    }
  } finally {
    await browser.close();
  }
}

// Chromium sometimes records no beginning of a page; Lighthouse then asks to be run again.
async function whole(address, port, tries = 3) {
  const onlyCategories = ["performance", "accessibility", "best-practices"];
  const found = await lighthouse(address, { port, onlyCategories, logLevel: "error" });
  const isMissed = found.lhr.runtimeError?.code === "NO_NAVSTART" && tries > 1;
  return isMissed ? whole(address, port, tries - 1) : found;
}

async function byLighthouse(chromium, addresses, tell) {
  const chrome = await launch({ chromePath: chromium, chromeFlags: ARGUMENTS });
  try {
    for (const address of addresses) {
      const { lhr } = await whole(address, chrome.port);
      if (lhr.runtimeError) {
        throw new Error(`${address}: ${lhr.runtimeError.message}`);
      }
      const score = (name) => Math.round(100 * lhr.categories[name].score);
      const value = (name) => lhr.audits[name].numericValue;
      tell(address, {
        performance: score("performance"), accessibility: score("accessibility"),
        practices: score("best-practices"), paint_ms: value("first-contentful-paint"),
        bytes: value("total-byte-weight"), lost: lost(lhr),
      });
    }
  } finally {
    chrome.kill();
  }
}

// Names of what took something from a score.
function lost(lhr) {
  const counted = Object.values(lhr.categories).flatMap((each) => each.auditRefs.filter((ref) => ref.weight > 0));
  return counted.map((ref) => lhr.audits[ref.id]).filter((each) => each.score !== null && each.score < 0.9)
    .map((each) => each.id);
}

const [chromium, judge, ...addresses] = process.argv.slice(2);
const tell = (address, found) => console.log(JSON.stringify({ address, ...found }));
await (judge === "pa11y" ? byPa11y : byLighthouse)(chromium, addresses, tell);
