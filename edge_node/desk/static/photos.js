// Photos chosen on the page are shown, may be taken one after another, and are made as small as a reader needs:
// 1600 pixels on the long side, as JPEG, upright. Without scripts they are sent as they are. ES2017, no libraries.
const LONGEST_SIDE = 1600;
const QUALITY = 0.82;
const SMALL_ENOUGH = 300 * 1024;
const READABLE = ["image/jpeg", "image/png"];

const shrink = async (file) => {
  if (READABLE.includes(file.type) && file.size <= SMALL_ENOUGH) {
    return file;
  }
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && (blob.size < file.size || !READABLE.includes(file.type))
      ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch (error) {
    return file; // not a picture this browser can read; the server says so beside the field
  }
};

const show = (input, files, place) => {
  for (const image of place.querySelectorAll("img")) {
    URL.revokeObjectURL(image.src);
  }
  place.textContent = "";
  files.forEach((file, number) => {
    const figure = document.createElement("figure");
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = `新拍的第 ${number + 1} 张`;
    const caption = document.createElement("figcaption");
    caption.textContent = `${Math.max(1, Math.round(file.size / 1024))} kB`;
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button";
    remove.textContent = "删除";
    remove.setAttribute("aria-label", `删除新拍的第 ${number + 1} 张`);
    remove.addEventListener("click", () => {
      files.splice(number, 1);
      put(input, files, place);
    });
    figure.append(image, caption, remove);
    place.append(figure);
  });
};

const put = (input, files, place) => {
  const list = new DataTransfer();
  files.forEach((file) => list.items.add(file));
  input.files = list.files;
  show(input, files, place);
};

const attend = (input) => {
  const paper = input.closest(".paper");
  const place = paper.querySelector("[data-previews]");
  const send = input.form.querySelector("button[type=submit]");
  const files = [];
  input.addEventListener("change", async () => {
    const chosen = Array.from(input.files);
    const wasDisabled = send.disabled;
    send.disabled = true; // a photo half made must not be sent
    try {
      files.push(...await Promise.all(chosen.map(shrink)));
      put(input, files, place);
      if (files.length) {
        paper.querySelector("input[type=checkbox][name$='.got']").checked = true;
      }
    } finally {
      send.disabled = wasDisabled;
    }
  });
};

if (typeof DataTransfer === "function" && typeof createImageBitmap === "function") {
  document.querySelectorAll("input[data-photos]").forEach(attend);
}
