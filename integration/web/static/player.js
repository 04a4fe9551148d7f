// A link that plays from a place moves the player on this page instead of opening the page with the player.
// Without script that page opens. Several tracks play together; the first one leads.
const bar = document.getElementById("player");
const tracks = [...bar.querySelectorAll("audio")];
const lead = tracks[0];
const at = document.getElementById("at");
bar.hidden = false;
document.documentElement.classList.add("with-player");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='/listen?at=']");
  if (!link) return;
  event.preventDefault();
  lead.currentTime = Number(new URL(link.href).searchParams.get("at"));
  lead.play();
});

for (const other of tracks.slice(1)) {
  lead.addEventListener("play", () => { other.currentTime = lead.currentTime; other.play(); });
  lead.addEventListener("pause", () => other.pause());
  lead.addEventListener("seeked", () => { other.currentTime = lead.currentTime; });
  lead.addEventListener("ratechange", () => { other.playbackRate = lead.playbackRate; });
  lead.addEventListener("volumechange", () => { other.volume = lead.volume; other.muted = lead.muted; });
}

// A remark belongs to the place that is playing.
if (at) {
  document.getElementById("text").addEventListener("focus", () => {
    const second = Math.floor(lead.currentTime);
    if (!at.value && second) at.value = `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
  });
}
