// Photos chosen on the page are made fit here, one after the other: upright, at most 2000 pixels long, a JPEG of about
// the wanted size, with nothing of what the camera wrote beside it. Print needs dots more than fine shades: the quality
// goes down first. They are shown, and may be taken one after another. Without scripts they are sent as they are, and
// the station does the same. ES2017, no libraries.
import { SMALL, isBlurred } from "./straightening.js";
import { words } from "./words.js";

const LONGEST_SIDES = [2000, 1800, 1600, 1300, 1000, 700];
const QUALITIES = [0.82, 0.6, 0.44, 0.32];
const READABLE = ["image/jpeg", "image/png"];
const NOTES_WITHIN = 64 * 1024; // a camera's notes stand before the picture
const MOST_PIXELS = 120e6; // four bytes each: a phone would rather close the page than decode more

// Old browsers take no options, and turn pictures themselves.
const decode = (file) => createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => createImageBitmap(file));

// The finest way to make a picture smaller; what does not know it draws, nearly as fine.
const scaled = (picture, width, height) =>
  createImageBitmap(picture, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" }).catch(() => picture);

const draw = async (whole, longest) => {
  const scale = Math.min(1, longest / Math.max(whole.width, whole.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(whole.width * scale));
  canvas.height = Math.max(1, Math.round(whole.height * scale));
  const picture = scale < 1 ? await scaled(whole, canvas.width, canvas.height) : whole;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what nothing shows through is paper
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (picture !== whole) {
    picture.close();
  }
  return canvas;
};

const encode = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

// The largest and then the best that is small enough; the smallest there is when none is.
const small = async (canvas, target) => {
  let blob = null;
  let refused = 0;
  for (const quality of QUALITIES) {
    blob = await encode(canvas, quality);
    if (!blob || blob.size <= target) {
      const better = blob && refused ? await encode(canvas, (quality + refused) / 2) : null;
      return better && better.size <= target ? better : blob;
    }
    refused = quality;
  }
  return blob;
};

const carriesNotes = async (file) => {
  const head = new Uint8Array(await new Response(file.slice(0, NOTES_WITHIN)).arrayBuffer());
  const text = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  return ["Exif\0\0", "eXIf", "http://ns.adobe.com/xap/"].some((sign) => text.includes(sign));
};

const fit = async (file, target) => {
  const isSmall = READABLE.includes(file.type) && file.size <= target;
  if (!target || !file.type.startsWith("image/") || (isSmall && !await carriesNotes(file))) {
    return file;
  }
  let picture = null;
  try {
    picture = await decode(file);
    if (picture.width * picture.height > MOST_PIXELS) {
      return file;
    }
    let blob = null;
    for (const side of LONGEST_SIDES) {
      const canvas = await draw(picture, side);
      blob = await small(canvas, target);
      canvas.width = canvas.height = 0; // an old phone gives the memory back only then
      if (!blob || blob.size <= target) {
        break;
      }
    }
    const isWorthIt = blob && (blob.size < file.size || isSmall || !READABLE.includes(file.type));
    return isWorthIt ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch (error) {
    return file; // not a picture this browser can read; the server says so beside the field
  } finally {
    if (picture && picture.close) {
      picture.close();
    }
  }
};

const isHardToRead = async (file) => {
  let picture = null;
  try {
    picture = await createImageBitmap(file);
    const canvas = await draw(picture, SMALL);
    return isBlurred(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height));
  } catch (error) {
    return false;
  } finally {
    if (picture) {
      picture.close();
    }
  }
};

// Of each file the address it is shown by; given back when the photo is deleted, and all of them with the page.
const addresses = new WeakMap();

const addressOf = (file) => {
  if (!addresses.has(file)) {
    addresses.set(file, URL.createObjectURL(file));
  }
  return addresses.get(file);
};

// What is being kept elsewhere just now: it may be there already, and is not deleted under the hand that keeps it.
const underWay = new WeakSet();

const picture = (file, number) => {
  const image = document.createElement("img");
  image.src = addressOf(file);
  image.alt = words("new_photo", { number: number + 1 });
  return image;
};

const show = (input, files, place) => {
  place.textContent = "";
  files.forEach((file, number) => {
    const isReadable = READABLE.includes(file.type);
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const size = Math.max(1, Math.round(file.size / 1024));
    caption.textContent = words(isReadable ? "size" : "size_as_it_is", { size });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button";
    remove.textContent = words("remove");
    remove.disabled = underWay.has(file);
    remove.setAttribute("aria-label", words("remove_photo", { number: number + 1 }));
    remove.addEventListener("click", () => {
      files.splice(number, 1);
      put(input, files, place);
      place.closest("[data-paper]").querySelector("[data-progress]").hidden = true; // it spoke of them by their numbers
      URL.revokeObjectURL(addressOf(file));
    });
    figure.append(...(isReadable ? [picture(file, number)] : []), caption, remove);
    place.append(figure);
  });
};

const put = (input, files, place) => {
  const list = new DataTransfer();
  files.forEach((file) => list.items.add(file));
  input.files = list.files;
  show(input, files, place);
};

// How many inputs of a form are at work: what is half made must not be sent.
const atWork = new WeakMap();

const begin = (form) => {
  const free = Array.from(form.querySelectorAll("button[type=submit]")).filter((one) => !one.disabled);
  const works = atWork.get(form) || { count: 0, free };
  works.count += 1;
  atWork.set(form, works);
  free.forEach((one) => { one.disabled = true; });
  return () => {
    works.count -= 1;
    if (!works.count) {
      works.free.forEach((one) => { one.disabled = false; });
      atWork.delete(form);
    }
  };
};

const attend = (input) => {
  const paper = input.closest("[data-paper]");
  const place = paper.querySelector("[data-previews]");
  const progress = paper.querySelector("[data-progress]");
  const target = Number(input.dataset.photos);
  const files = [];
  let turn = Promise.resolve();
  const take = async (chosen) => {
    const end = begin(input.form);
    const blurred = [];
    try {
      for (const [number, file] of chosen.entries()) {
        progress.hidden = false;
        progress.textContent = words("working", { number: number + 1, all: chosen.length });
        const fitted = await fit(file, target);
        files.push(fitted);
        show(input, files, place);
        if (await isHardToRead(fitted)) {
          blurred.push(number + 1);
        }
      }
      const box = paper.querySelector("input[type=checkbox][name$='.got']");
      if (chosen.length && box) {
        box.checked = true;
      }
    } finally {
      progress.hidden = !blurred.length;
      progress.textContent = words("blurred", { numbers: blurred.join(words("comma")) });
      put(input, files, place); // also when none was chosen: the browser has just forgotten those before
      end();
    }
    if (files.length) {
      input.dispatchEvent(new CustomEvent("photosready", { bubbles: true }));
    }
  };
  input.addEventListener("photossent", (event) => {
    event.detail.forEach((one) => underWay.add(one));
    show(input, files, place);
  });
  // Whoever has sent some of them says which are kept: they need not be sent with the form any more.
  input.addEventListener("photoskept", (event) => {
    files.forEach((one) => underWay.delete(one));
    for (const file of event.detail.filter((one) => files.includes(one))) {
      files.splice(files.indexOf(file), 1);
      URL.revokeObjectURL(addressOf(file));
    }
    put(input, files, place);
  });
  const choose = () => {
    const chosen = Array.from(input.files);
    put(input, files, place); // as they were chosen they go nowhere
    turn = turn.then(() => take(chosen));
  };
  input.addEventListener("change", choose);
  if (input.files.length) {
    choose(); // they were chosen before this script came
  }
};

if (typeof DataTransfer === "function" && typeof createImageBitmap === "function") {
  document.querySelectorAll("input[data-photos]").forEach(attend);
}
