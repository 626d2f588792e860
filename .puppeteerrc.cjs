// pa11y brings puppeteer, which would fetch a browser of its own: tests run in Debian's.
module.exports = { skipDownload: true };
