// What a hand draws with. A tool gets points of the image; `desk` is the editor. Each gesture that is
// ended is one operation. `drop` forgets the gesture that is under way, `cancel` the whole shape;
// `tap`, `finish` and `back` are what the keyboard does; `preview` shows what is not done yet.

import { Brush } from "./brush.js";
import { Corners } from "./corners.js";
import { Lasso } from "./lasso.js";
import { Rectangle } from "./rectangle.js";

export function makeTools(desk) {
  return {
    lasso: new Lasso(desk),
    quad: new Corners(desk, 4),
    polygon: new Corners(desk),
    rectangle: new Rectangle(desk),
    brush: new Brush(desk),
    eraser: new Brush(desk, true),
  };
}
