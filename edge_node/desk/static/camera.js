// 摄像头、高拍仪: a photo is taken on the page, straightened by its four corners, and goes where chosen files go. Only
// where the browser lets a page use cameras (this machine, or HTTPS); elsewhere the file input is all there is. ES2017.
import { has, words } from "./words.js";
import { SMALL, guessCorners, isBlurred, isPaper, straighten, straightSize } from "./straightening.js";

const LONGEST = 2000;
const SEEN_MS = 600; // sooner nobody has looked at a photo: it was the second press of one that took it
const WHOLE = [[0, 0], [1, 0], [1, 1], [0, 1]];
const NAMES = ["top_left", "top_right", "bottom_right", "bottom_left"];
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const make = (tag, more = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), more);
  element.append(...inside);
  return element;
};

const button = (text, act, isPrimary) => {
  const one = make("button", { type: "button", className: `button${isPrimary ? " primary" : ""}`, textContent: text });
  one.addEventListener("click", act);
  return one;
};

const drawn = (picture, width, height) => {
  const canvas = make("canvas", { width, height });
  canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
  return canvas;
};

const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);

const small = (canvas) => {
  const scale = Math.min(1, SMALL / Math.max(canvas.width, canvas.height));
  return pixels(drawn(canvas, Math.max(3, Math.round(canvas.width * scale)), Math.max(3, Math.round(canvas.height * scale))));
};

// The four corners over a photo, dragged by hand or moved by arrow keys.
const cornersOver = (place, changed) => {
  const corners = WHOLE.map((one) => one.slice());
  const handles = NAMES.map((name, number) => {
    const handle = make("button", { type: "button", className: "corner" });
    handle.setAttribute("aria-label", words("corner", { corner: words(name) }));
    const put = (x, y) => {
      corners[number] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
      show();
      changed();
    };
    handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
    handle.addEventListener("pointermove", (event) => {
      if (handle.hasPointerCapture(event.pointerId)) {
        const box = place.getBoundingClientRect();
        put((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
      }
    });
    handle.addEventListener("keydown", (event) => {
      const step = !event.altKey && STEPS[event.key];
      if (step) {
        event.preventDefault();
        const size = event.shiftKey ? 0.05 : 0.01;
        put(corners[number][0] + step[0] * size, corners[number][1] + step[1] * size);
      }
    });
    return handle;
  });
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  const show = () => {
    line.setAttribute("points", corners.map((one) => one.join(",")).join(" "));
    handles.forEach((handle, number) => {
      handle.style.left = `${corners[number][0] * 100}%`;
      handle.style.top = `${corners[number][1] * 100}%`;
    });
  };
  place.append(svg, ...handles);
  show();
  return {
    corners,
    set: (some) => {
      some.forEach((one, number) => { corners[number] = one.slice(); });
      show();
      changed();
    },
  };
};

const open = (input) => {
  let stream = null;
  let taken = null;
  let isUsed = false;
  const said = make("p", { className: "hint" });
  said.setAttribute("role", "status");
  const video = make("video", { autoplay: true, muted: true, playsInline: true });
  const devices = make("select");
  devices.setAttribute("aria-label", words("which_camera"));
  const stage = make("div", { className: "stage" });
  const bar = make("p", { className: "actions" });
  const panel = make("dialog", { className: "camera" }, make("h2", { textContent: words("shoot") }), devices, stage, said, bar);
  panel.setAttribute("aria-label", words("shoot"));

  const stop = () => {
    if (stream) {
      stream.getTracks().forEach((track) => track.stop());
      stream = null;
    }
  };

  const close = () => {
    stop();
    panel.close();
    panel.remove();
    input.focus();
  };

  const list = async () => {
    const all = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    const current = stream.getVideoTracks()[0].getSettings().deviceId;
    devices.replaceChildren(...all.map((one, number) => make("option", {
      value: one.deviceId, textContent: one.label || words("camera", { number: number + 1 }), selected: one.deviceId === current,
    })));
    devices.hidden = all.length < 2;
  };

  const preview = async (deviceId) => {
    stop();
    taken = null;
    said.textContent = words("opening");
    stage.replaceChildren(video);
    bar.replaceChildren(button(words("cancel"), close));
    const wanted = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wanted, width: { ideal: 2592 }, height: { ideal: 1944 } } });
      if (!panel.isConnected) {
        stop();
        return;
      }
      video.srcObject = stream;
      await video.play();
      await list();
      said.textContent = words("lay_flat");
      const shoot = button(words("shoot"), capture, true);
      bar.replaceChildren(shoot, button(words("cancel"), close));
      shoot.focus();
    } catch (error) {
      said.textContent = words(has(error.name) ? error.name : "not_opened");
    }
  };

  const hint = () => {
    const isHardToRead = isBlurred(small(taken.canvas));
    const isCrossed = !isPaper(taken.frame.corners);
    said.textContent = words(isCrossed ? "crossed" : isHardToRead ? "blurred_drag" : "drag");
    taken.use.disabled = isCrossed;
  };

  const capture = () => {
    const canvas = drawn(video, video.videoWidth, video.videoHeight);
    stop();
    const frame = make("div", { className: "frame" }, canvas);
    stage.replaceChildren(frame);
    const use = button(words("use"), accept, true);
    taken = { canvas, use, frame: null };
    taken.frame = cornersOver(frame, () => taken.frame && hint());
    const guessed = guessCorners(small(canvas));
    if (guessed) {
      taken.frame.set(guessed);
    }
    bar.replaceChildren(
      use,
      button(words("again"), () => preview(devices.value)),
      button(words("as_it_is"), () => taken.frame.set(WHOLE)),
      button(words("cancel"), close),
    );
    hint();
    setTimeout(() => {
      if (use.isConnected && !bar.contains(document.activeElement) && !frame.contains(document.activeElement)) {
        use.focus();
      }
    }, SEEN_MS);
  };

  const accept = (event) => {
    const { canvas } = taken;
    if (event.detail > 1 || isUsed) { // the second click of two
      return;
    }
    isUsed = true;
    const { corners } = taken.frame;
    const size = straightSize(corners, canvas.width, canvas.height, LONGEST);
    const isWhole = corners.every((one, number) => one[0] === WHOLE[number][0] && one[1] === WHOLE[number][1]);
    let result = canvas;
    if (!isWhole) {
      const straight = straighten(pixels(canvas), corners, size);
      result = make("canvas", { width: size[0], height: size[1] });
      result.getContext("2d").putImageData(new ImageData(straight.data, size[0], size[1]), 0, 0);
    }
    result.toBlob((blob) => {
      const files = new DataTransfer();
      files.items.add(new File([blob], "camera.jpg", { type: "image/jpeg" }));
      input.files = files.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      close();
    }, "image/jpeg", 0.92);
  };

  devices.addEventListener("change", () => preview(devices.value));
  panel.addEventListener("cancel", (event) => {
    event.preventDefault();
    close();
  });
  document.body.append(panel);
  panel.showModal();
  preview("");
};

if (window.isSecureContext && navigator.mediaDevices && typeof DataTransfer === "function" && typeof HTMLDialogElement === "function") {
  document.querySelectorAll("input[type=file][data-photos]").forEach((input) => {
    const label = input.closest("label");
    label.after(button(words("by_camera"), () => open(input)));
    label.nextElementSibling.classList.add("by-camera");
  });
}
