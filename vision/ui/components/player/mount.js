// What every run of the page does: find the instance that lives in this place or make it.

/**
 * Calls `update` on the instance under `api.parentElement`, a `Kind` made for the element `query`.
 * The page may also call the function that comes back for a run that a newer one has overtaken, so
 * an instance ends only once its element has left the page.
 */
function mount(instances, api, query, Kind) {
  const place = api.parentElement;
  const root = place.querySelector(query);
  let here = instances.get(place);
  if (here?.root !== root) {
    here?.close();
    here = new Kind(root);
    instances.set(place, here);
  }
  here.update(api);
  return () =>
    setTimeout(() => {
      if (root.isConnected || instances.get(place) !== here) return;
      instances.delete(place);
      here.close();
    });
}
