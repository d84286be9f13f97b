// What is wrong with how locks are drawn: bars that are not seen, stand out of their line, or numbers over each other.
(() => {
  document.querySelectorAll('details').forEach(folded => (folded.open = true));
  const place = element => element.getBoundingClientRect();
  const inside = (one, line) => one.left >= line.left - 0.5 && one.right <= line.right + 0.5;
  const bars = [...document.querySelectorAll('.track:not(.marks) i')];
  const drawn = [...document.querySelectorAll('.track i, .track b')];
  const named = element => element.className + ' ' + element.getAttribute('style');
  const overlapping = [...document.querySelectorAll('.marks')].flatMap(line => {
    const numbers = [...line.querySelectorAll('b')];
    return numbers.filter((one, i) => i > 0 && place(numbers[i - 1]).right > place(one).left).map(named);
  });
  return {
    bars: bars.length,
    unseen: bars
      .filter(bar => place(bar).width < 1.5 || getComputedStyle(bar).backgroundColor === getComputedStyle(bar.parentElement).backgroundColor)
      .map(named),
    outside: drawn.filter(one => !inside(place(one), place(one.closest('.track')))).map(named),
    overlapping,
  };
})()
