// What our pages' scripts find on the window: folium's maps, and the texts of /scripts/.
interface Window {
  countyMaps: Record<string, L.Map>;
  countyTexts: Record<string, string>;
  countyModules: Record<string, Record<string, any>>;
}
