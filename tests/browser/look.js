// Can the words be read: the contrast of every piece of text in an exhibit with what is behind it.
(() => {
  if (!window.nn || nn.contrasts) return;

  function rgba(colour) { // any CSS colour, as painted
    const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  const over = ([r, g, b, a], [R, G, B]) =>
    [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a)];

  function ground(el) {
    const layers = [];
    for (let at = el; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3]) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  }

  function luminance(rgb) {
    const [r, g, b] = rgb.map((v) => {
      const s = v / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function opacity(el) {
    let product = 1;
    for (let at = el; at; at = at.parentElement) product *= +getComputedStyle(at).opacity;
    return product;
  }

  function seen(el) {
    const box = el.getBoundingClientRect();
    const style = getComputedStyle(el);
    return box.width > 2 && box.height > 2 && style.visibility !== 'hidden'
      && style.clipPath === 'none' && !el.closest(':disabled, [disabled]');
  }

  nn.contrasts = (id) => {
    const root = nn.get(id);
    const found = [];
    const measure = (el, words) => {
      if (!words.trim() || !seen(el)) return;
      const below = ground(el);
      const ink = rgba(getComputedStyle(el).color);
      const shown = over([...ink.slice(0, 3), ink[3] * opacity(el)], below);
      const [dim, bright] = [luminance(shown), luminance(below)].sort((a, b) => a - b);
      found.push([words.trim().slice(0, 40), (bright + 0.05) / (dim + 0.05)]);
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const el = walker.currentNode.parentElement;
      if (!el.closest('style, script, select, svg, .nn-page')) measure(el, walker.currentNode.data);
    }
    for (const el of root.querySelectorAll('input, select, textarea')) {
      if (!['checkbox', 'radio', 'range'].includes(el.type)) measure(el, el.value);
    }
    return found;
  };
})();
