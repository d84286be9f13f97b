// What is wrong with how a page looks: text that is hard to read, and what stands out of the window.
(() => {
  const channels = colour => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue]
      .map(channel => channel / 255)
      .map(channel => (channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = element => {
    for (let found = element; found; found = found.parentElement) {
      const colour = channels(getComputedStyle(found).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrast = element => {
    const [one, other] = [channels(getComputedStyle(element).color), background(element)].map(luminance);
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  document.querySelectorAll('details').forEach(folded => (folded.open = true));
  const faint = [], outside = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const element = text.parentElement;
    if (!text.data.trim() || !element.getClientRects().length) continue;
    const ratio = contrast(element);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(1)} ${text.data.trim().slice(0, 40)}`);
    const range = document.createRange();
    range.selectNodeContents(text);
    if (range.getBoundingClientRect().right > innerWidth + 0.5) outside.push(text.data.trim().slice(0, 40));
  }
  return {
    faint,
    outside,
    width: document.documentElement.scrollWidth - innerWidth,
    foreign: document.querySelectorAll('script, img, iframe, link, object').length,
    background: getComputedStyle(document.body).backgroundColor,
    text: document.body.innerText,
  };
})()
