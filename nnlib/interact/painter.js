// A board of pixels to draw on, with the mouse, a finger, a pen or the keyboard. No network.
const PEN = 1.15; // radius of the soft pen, in pixels of the board

function render({ model, el }) {
  const board = document.createElement('div');
  const said = document.createElement('output');
  const help = document.createElement('div');
  const most = () => model.get('levels') - 1;
  let image = model.get('value').map((row) => [...row]);
  let [row, column] = [0, 0]; // where the keyboard paints
  let last = null; // where the pointer was, while it is down

  board.className = 'nn-painter';
  board.tabIndex = 0;
  board.setAttribute('role', 'application');
  board.dataset.lmSuppressShortcuts = 'true'; // JupyterLab leaves the arrow keys to the board
  board.style.gridTemplateColumns = `repeat(${image[0].length}, 1fr)`;
  help.className = 'nn-painter-help';
  help.textContent = 'Drag to draw, Shift and drag to erase. Keys: arrows, Space, +, -, Delete.';
  said.className = 'nn-painter-said';
  said.setAttribute('aria-live', 'polite');
  const cells = image.map((line) => line.map(() => {
    const cell = document.createElement('div');
    board.append(cell);
    return cell;
  }));

  function show() {
    image.forEach((line, i) => line.forEach((ink, j) => {
      const grey = Math.round(255 * (1 - ink / most()));
      cells[i][j].style.background = `rgb(${grey}, ${grey}, ${grey})`;
      cells[i][j].classList.toggle('nn-painter-here', i === row && j === column);
    }));
    said.textContent = `row ${row + 1}, column ${column + 1}: ink ${image[row][column]} of ${most()}`;
  }

  function name() {
    const { length } = image;
    board.setAttribute('aria-label', `${model.get('description')}, ${length} by ${image[0].length} pixels`);
    board.setAttribute('aria-description', help.textContent);
  }

  function send() {
    show();
    model.set('value', image.map((line) => [...line]));
    model.save_changes();
  }

  function place(event) { // of the pointer, in pixels of the board
    const box = board.getBoundingClientRect();
    return [
      ((event.clientY - box.top) / box.height) * image.length - 0.5,
      ((event.clientX - box.left) / box.width) * image[0].length - 0.5,
    ];
  }

  function dab([y, x], erase) {
    image.forEach((line, i) => line.forEach((ink, j) => {
      const near = 1 - Math.hypot(i - y, j - x) / PEN;
      if (near <= 0) return;
      if (!erase) line[j] = Math.max(ink, Math.min(most(), Math.round(1.6 * near * most())));
      else if (near > 0.4) line[j] = 0;
    }));
  }

  function stroke(event) {
    const to = place(event);
    const from = last ?? to;
    const steps = Math.max(1, Math.ceil(4 * Math.hypot(to[0] - from[0], to[1] - from[1])));
    for (let k = 1; k <= steps; k++) {
      dab(from.map((start, axis) => start + ((to[axis] - start) * k) / steps), event.shiftKey);
    }
    last = to;
    [row, column] = to.map((at, axis) =>
      Math.max(0, Math.min(Math.round(at), (axis ? image[0] : image).length - 1)));
    send();
  }

  board.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    board.focus({ preventScroll: true });
    board.setPointerCapture(event.pointerId);
    last = null;
    stroke(event);
  });
  board.addEventListener('pointermove', (event) => { if (last) stroke(event); });
  for (const end of ['pointerup', 'pointercancel']) {
    board.addEventListener(end, () => { last = null; });
  }

  const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const inks = {
    ' ': (ink) => (ink < most() ? most() : 0),
    '+': (ink) => Math.min(ink + 1, most()),
    '-': (ink) => Math.max(ink - 1, 0),
    Delete: () => 0,
    Backspace: () => 0,
  };
  board.addEventListener('keydown', (event) => {
    if (event.key in moves) {
      row = Math.max(0, Math.min(row + moves[event.key][0], image.length - 1));
      column = Math.max(0, Math.min(column + moves[event.key][1], image[0].length - 1));
      show();
    } else if (event.key in inks) {
      image[row][column] = inks[event.key](image[row][column]);
      send();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  const changed = () => { image = model.get('value').map((line) => [...line]); show(); };
  model.on('change:value', changed);
  model.on('change:description', name);
  name();
  show();
  el.append(board, said, help);
  return () => { model.off('change:value', changed); model.off('change:description', name); };
}

export default { render };
