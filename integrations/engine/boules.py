"""Steel boules and the wooden jack, as spheres that the rays meet before the gravel."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.colour import rgb
from integrations.engine.rasters import Floats, Indices, floats
from integrations.engine.scene import Detail
from integrations.engine.shapes import Shape
from integrations.engine.site import Site
from integrations.engine.sun import Sun

BOULE_RADIUS, JACK_RADIUS = 0.037, 0.015
SHADE = 2.6  # radii around a boule, within which it darkens the ground
STEEL, JACK = "#8d9196", "#c98a3a"


@dataclass(frozen=True)
class Boule:
    s: float  # plan coordinates of the point it lies on
    t: float
    radius: float
    albedo: Floats


def throw_boules(site: Site, shape: Shape, edging: float) -> tuple[Boule, ...]:
    """The jack and five boules around it, where the court is wide enough; else none."""
    rng = site.rng("boules")
    room = shape.distance - edging
    rows, columns = np.nonzero(room > min(1.2, 0.75 * float(room.max())))
    if float(room.max()) < 0.5:
        return ()
    index = int(rng.integers(rows.size))
    cell = shape.plan.cell
    jack_s, jack_t = float(columns[index]) * cell, float(rows[index]) * cell
    boules = [Boule(jack_s, jack_t, JACK_RADIUS, rgb(JACK))]
    for _ in range(5):
        angle, away = rng.uniform(0, 2 * np.pi), 0.1 + rng.gamma(2.0, 0.16)
        s, t = jack_s + away * float(np.cos(angle)), jack_t + away * float(np.sin(angle))
        apart = all(np.hypot(s - b.s, t - b.t) > 2.1 * BOULE_RADIUS for b in boules)
        if apart and _free(site, shape, edging, s, t):
            boules.append(Boule(s, t, BOULE_RADIUS, rgb(STEEL) * float(rng.uniform(0.8, 1.1))))
    return tuple(boules)


def _free(site: Site, shape: Shape, edging: float, s: float, t: float) -> bool:
    """Neither the boule nor the gravel that it hides from the eye is near the edging."""
    eye_s, eye_t = site.eye
    hidden = 2 * BOULE_RADIUS / site.plan.camera.elevation
    places = floats([s, s + hidden * (s - eye_s)]), floats([t, t + hidden * (t - eye_t)])
    return bool(shape.inside(*places).min() > edging + 0.05)


def details_of(boules: tuple[Boule, ...], site: Site) -> tuple[Detail, ...]:
    """The ground that each boule stands on and hides, and its contact shadow."""
    eye_s, eye_t = site.eye
    details = []
    for boule in boules:
        # The farthest point hidden lies behind it as seen from the eye.
        share = 2 * boule.radius / site.plan.camera.elevation
        hidden = share * float(np.hypot(boule.s - eye_s, boule.t - eye_t))
        along = 0.5 * share
        s, t = boule.s + along * (boule.s - eye_s), boule.t + along * (boule.t - eye_t)
        details.append(Detail(s, t, hidden / 2 + SHADE * boule.radius))
    return tuple(details)


def draw_boules(
    boules: tuple[Boule, ...], site: Site, level: float, s: Floats, t: Floats, albedo: Floats
) -> None:
    """Shade the ground points (s, t), and replace those that a boule hides; in place.

    A point is hidden if the straight line from the eye to it passes through the sphere.
    """
    details = details_of(boules, site)
    for boule, detail in zip(boules, details, strict=True):
        away = np.abs(s - detail.s) < detail.reach
        away &= np.abs(t - detail.t) < detail.reach
        near = np.flatnonzero(away)
        if not near.size:
            continue
        ds, dt = s[near] - boule.s, t[near] - boule.t
        albedo[near] *= _shadow(ds, dt, boule.radius, site.sun, site.light.sun)[:, None]
        _draw_sphere(boule, site, level, near, s, t, albedo)


def _shadow(ds: Floats, dt: Floats, radius: float, toward: tuple[float, float], sun: Sun) -> Floats:
    """Light left beside the boule: it darkens what it lies on, and throws an ellipse in the sun."""
    contact = 0.75 * np.exp(-(ds**2 + dt**2) / (1.35 * radius) ** 2)
    along, beside = -(ds * toward[0] + dt * toward[1]), ds * toward[1] - dt * toward[0]
    longer = float(np.hypot(1, sun.height)) / sun.height  # 1 / sine of the sun's height
    away = np.hypot((along / radius - 1 / sun.height) / longer, beside / radius)
    thrown = np.clip((1.12 - away) / 0.24, 0, 1) * (1 - sun.shade)
    return floats((1 - contact) * (1 - thrown))


def _draw_sphere(
    boule: Boule,
    site: Site,
    level: float,
    near: Indices,
    s: Floats,
    t: Floats,
    albedo: Floats,
) -> None:
    eye_s, eye_t = site.eye
    eye = floats(
        [eye_s - boule.s, eye_t - boule.t, site.plan.camera.elevation - level - boule.radius]
    )
    ground = np.stack([s[near] - boule.s, t[near] - boule.t, np.full(near.size, -boule.radius)], 1)
    ray = floats(ground - eye)
    ray /= np.linalg.norm(ray, axis=1, keepdims=True)
    middle = -(ray @ eye)
    missed = float(eye @ eye) - middle**2
    hit = missed < boule.radius**2
    depth = middle[hit] - np.sqrt(boule.radius**2 - missed[hit])
    normal = (eye + depth[:, None] * ray[hit]) / boule.radius
    albedo[near[hit]] = _steel(boule, floats(normal), site.sun, site.light.sun.strength)


def _steel(boule: Boule, normal: Floats, sun: tuple[float, float], strength: float) -> Floats:
    """Bright sky above, dark ground below, a highlight towards the sun."""
    light = floats([0.6 * sun[0], 0.6 * sun[1], 0.8])
    sky = 0.45 + 0.55 * normal[:, 2]
    towards = np.clip(normal @ light, 0, 1)
    shine = (0.12 + 0.88 * strength) * towards**24 + 0.25 * strength * towards
    return floats(boule.albedo * sky[:, None] * 1.1 + 0.8 * shine[:, None])
