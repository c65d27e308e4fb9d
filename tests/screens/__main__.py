"""Every page in every look: axe reads it, and docs/screens/ gets its picture.

python -m tests.screens            all of them, some ten minutes
python -m tests.screens zone new   these scenes only
python -m tests.screens --shown    only the looks that have a picture
"""

import argparse
import sys

from playwright.sync_api import Browser, Error, StorageState, sync_playwright

from tests.browser.axe import LOOKS, Look, violations
from tests.browser.cast import CAST, LOCALES, signed_in
from tests.browser.every_scene import SCENES
from tests.browser.scenes import Projects, Scene, make_projects
from tests.browser.window import Window
from tests.chromium import LAUNCH_ARGS, MISSING, find_chromium
from tests.screens.judged import write_index
from tests.screens.pictures import FOLDER, is_shown, name_of, take
from tests.stack import Stack, running_stack


def main() -> int:
    options = _options()
    if not (chromium := find_chromium()):
        print(MISSING.format(reason="None was found."), file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with (
        running_stack() as stack,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=LAUNCH_ARGS) as browser,
    ):
        problems = Tour(stack, browser).go(options.scenes, only_shown=options.shown)
    problems += [f"not judged: {name}" for name in write_index()]
    print("\n".join(problems) or "Nothing for axe to find, and every picture is judged.")
    return 1 if problems else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screens")
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help="these only")
    parser.add_argument("--shown", action="store_true", help="only the looks with a picture")
    return parser.parse_args()


class Tour:
    def __init__(self, stack: Stack, browser: Browser) -> None:
        self.stack = stack
        self.browser = browser
        self.sessions: dict[str, StorageState] = {}

    def go(self, wanted: list[str], *, only_shown: bool) -> list[str]:
        """What is wrong."""
        self.stack.manage("shell", "--no-imports", "-c", CAST)
        projects = self.projects()
        scenes = [scene for scene in SCENES if not wanted or scene.name in wanted]
        problems = []
        for look in LOOKS:
            for scene in scenes:
                if not only_shown or is_shown(scene, look):
                    problems += self.visit(scene, look, projects)
            print(f"{look}: {len(problems)} problems so far", flush=True)
        return problems

    def projects(self) -> Projects:
        rosa = self.window("rosa", LOOKS[0], java_script_enabled=False)
        projects = make_projects(self.stack, rosa)
        rosa.page.context.close()
        return projects

    def visit(self, scene: Scene, look: Look, projects: Projects) -> list[str]:
        window = self.window(scene.who, look)
        try:
            scene.show(window, projects)
            problems = [*violations(window.page), *window.problems]
            if is_shown(scene, look):
                take(window.page, name_of(scene, look))
        except (Error, AssertionError) as error:  # the others are visited all the same
            problems = [str(error)]
        window.page.context.close()
        return [f"{name_of(scene, look)}: {problem}" for problem in problems]

    def window(self, who: str, look: Look, **options: bool) -> Window:
        if who and who not in self.sessions:
            self.sessions[who] = signed_in(self.browser, self.stack, who)
        context = self.browser.new_context(
            base_url=self.stack.url,
            locale=LOCALES[look.language],
            storage_state=self.sessions.get(who),
            **look.options,
            **options,
        )
        return Window(context)


if __name__ == "__main__":
    sys.exit(main())
