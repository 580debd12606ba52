// A key still: the frame on screen at the film's own size, with what is shown over it.

/** Saves `canvas` as a PNG through a download of this page; nothing leaves the computer. */
async function savePng(canvas, name) {
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("The picture could not be made.");
  const url = URL.createObjectURL(blob);
  const link = make("a", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The frame of `video` as pixels, painted over by `paint(pen, unit)`. */
function stillOf(video, paint) {
  const canvas = make("canvas", { width: video.videoWidth, height: video.videoHeight });
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  paint(pen, Math.max(0.8, Math.min(canvas.width, canvas.height) / 400));
  return canvas;
}

/** A file name out of a title: letters, digits and dashes, never empty. */
function fileName(title, frame) {
  const plain = title.normalize("NFKD").replace(/[^\p{Letter}\p{Number}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${plain.slice(0, 60) || "set"}-frame-${frame}.png`;
}
