//! The pictures of the open view as files that need no page: what the style sheets say is written into them.

use super::download;
use gloo::utils::{document, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement, HtmlImageElement};

/// The properties by which style sheets change how a picture looks. Each is an attribute of SVG, too.
const PROPERTIES: &[&str] = &[
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "opacity",
    "visibility",
    "overflow",
    "display",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "letter-spacing",
    "text-anchor",
    "dominant-baseline",
    "text-decoration-line",
    "paint-order",
];

/// Pixels of a PNG for each pixel of the page: sharp on paper and on dense screens.
const SCALE: f64 = 2.0;

/// Pixels of paper around a picture.
const MARGIN: f64 = 12.0;

/// A picture of the view.
#[derive(Clone, PartialEq)]
pub struct Picture {
    /// What it shows, for people.
    pub title: String,
    /// The file's name without its ending.
    pub file: String,
    svg: String,
    width: f64,
    height: f64,
}

/// Every picture of the view with this name, as it is drawn now.
pub fn pictures(view: &str) -> Vec<Picture> {
    let Some(host) = document().get_element_by_id(&format!("view-{view}")) else { return Vec::new() };
    let Ok(found) = host.query_selector_all("svg[role='img']") else {
        return Vec::new();
    };
    let drawn = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok());
    drawn.enumerate().filter_map(|(at, svg)| Picture::of(&svg, format!("podwhy-{view}-{}", at + 1))).collect()
}

impl Picture {
    fn of(svg: &Element, file: String) -> Option<Self> {
        let place = svg.get_bounding_client_rect();
        // Marks and signs are no pictures.
        if place.width() < 80.0 || place.height() < 40.0 {
            return None;
        }
        let copy = svg.clone_node_with_deep(true).ok()?.dyn_into::<Element>().ok()?;
        inline(svg, &copy);
        _ = copy.set_attribute("xmlns", "http://www.w3.org/2000/svg");
        let (width, height) = (place.width(), place.height());
        let box_of = |svg: &Element| -> Option<[f64; 4]> {
            let numbers = svg.get_attribute("viewBox")?;
            let numbers: Vec<f64> = numbers.split_whitespace().filter_map(|number| number.parse().ok()).collect();
            numbers.try_into().ok()
        };
        let [x, y, w, h] = box_of(svg).unwrap_or([0.0, 0.0, width, height]);
        // Letters at the very edge need paper around them.
        let (across, down) = (MARGIN * w / width, MARGIN * h / height);
        let paper_box = [x - across, y - down, w + 2.0 * across, h + 2.0 * down].map(|number| number.to_string());
        let (width, height) = (width + 2.0 * MARGIN, height + 2.0 * MARGIN);
        let behind = background(svg).unwrap_or_else(|| "white".to_owned());
        let paper = document().create_element_ns(Some("http://www.w3.org/2000/svg"), "rect").ok()?;
        for (name, value) in ["x", "y", "width", "height"].iter().zip(&paper_box) {
            _ = paper.set_attribute(name, value);
        }
        _ = paper.set_attribute("fill", &behind);
        let size = [width, height].map(|number| number.to_string());
        for (name, value) in [("viewBox", &paper_box.join(" ")), ("width", &size[0]), ("height", &size[1])] {
            _ = copy.set_attribute(name, value);
        }
        _ = copy.insert_before(&paper, copy.first_child().as_ref());
        let title = svg.get_attribute("aria-label").or_else(|| {
            let named = svg.get_attribute("aria-labelledby")?;
            document().get_element_by_id(named.split(' ').next()?)?.text_content()
        });
        let title = title.or_else(|| svg.query_selector("title").ok()??.text_content());
        let title = shortened(&title.unwrap_or_else(|| "Picture".to_owned()));
        Some(Self { title, file, svg: copy.outer_html(), width, height })
    }

    /// Saves it as SVG.
    pub fn save_svg(&self) {
        download::text(&format!("{}.svg", self.file), "image/svg+xml", &self.svg);
    }

    /// Saves it as PNG.
    pub fn save_png(&self) {
        _ = self.draw();
    }

    fn draw(&self) -> Option<()> {
        let image = HtmlImageElement::new().ok()?;
        let canvas = document().create_element("canvas").ok()?.dyn_into::<HtmlCanvasElement>().ok()?;
        // The casts saturate; a picture is never that large.
        canvas.set_width((self.width * SCALE).ceil() as u32);
        canvas.set_height((self.height * SCALE).ceil() as u32);
        let name = format!("{}.png", self.file);
        let drawn = image.clone();
        let onload = Closure::once_into_js(move || _ = on_canvas(&canvas, &drawn, name));
        image.set_onload(Some(onload.unchecked_ref()));
        let encoded = String::from(js_sys::encode_uri_component(&self.svg));
        image.set_src(&format!("data:image/svg+xml;charset=utf-8,{encoded}"));
        Some(())
    }
}

/// Draws the image and saves the canvas under this name.
fn on_canvas(canvas: &HtmlCanvasElement, image: &HtmlImageElement, name: String) -> Option<()> {
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.scale(SCALE, SCALE).ok()?;
    context.draw_image_with_html_image_element(image, 0.0, 0.0).ok()?;
    let save = Closure::once_into_js(move |file: JsValue| {
        if let Ok(file) = file.dyn_into::<web_sys::Blob>() {
            download::blob(&name, &file);
        }
    });
    canvas.to_blob(save.unchecked_ref()).ok()
}

/// Writes what the style sheets say into every element of the copy.
fn inline(from: &Element, to: &Element) {
    let mut waiting = vec![(from.clone(), to.clone())];
    while let Some((from, to)) = waiting.pop() {
        if let Ok(Some(style)) = window().get_computed_style(&from) {
            for property in PROPERTIES {
                write(&style, property, &to);
            }
        }
        _ = to.remove_attribute("class");
        let (children, copies) = (from.children(), to.children());
        let pairs = (0..children.length()).filter_map(|at| Some((children.item(at)?, copies.item(at)?)));
        waiting.extend(pairs.collect::<Vec<_>>());
    }
}

fn write(style: &CssStyleDeclaration, property: &str, to: &Element) {
    let value = style.get_property_value(property).unwrap_or_default();
    let usual = match property {
        "visibility" => value == "visible",
        "overflow" => value != "visible",
        "display" => value != "none",
        _ => matches!(value.as_str(), "normal" | "auto"),
    };
    let plain = value.is_empty() || usual;
    if !plain {
        _ = to.set_attribute(property, &value);
    }
}

/// The colour that the picture stands on.
fn background(svg: &Element) -> Option<String> {
    let mut around = svg.parent_element();
    while let Some(element) = around {
        let style = window().get_computed_style(&element).ok()??;
        let colour = style.get_property_value("background-color").unwrap_or_default();
        if !matches!(colour.as_str(), "" | "transparent" | "rgba(0, 0, 0, 0)") {
            return Some(colour);
        }
        around = element.parent_element();
    }
    None
}

/// The beginning of a long sentence.
fn shortened(title: &str) -> String {
    const MOST: usize = 90;
    let title = title.trim();
    if title.chars().count() <= MOST {
        title.to_owned()
    } else {
        format!("{}…", title.chars().take(MOST).collect::<String>())
    }
}
