"""Dinners, which the host cooks, and meals to which everybody brings something."""

from apps.community.demo.ideas.idea import COMMUNITY, PUBLIC, Idea

DINNERS = [
    Idea(
        "Dumplings, folded badly together",
        "I make the filling, we all fold. Mine come undone every time and still taste good. Nobody has "
        "to talk while folding.",
        "18:30", 150, 6,
    ),
    Idea(
        "Soup, bread and an early night",
        "One big pot, warm bread, and everyone is home by nine. Come straight from work, or straight "
        "from the sofa.",
        "18:30", 120,
    ),
    Idea(
        "A curry that takes its time",
        "It cooks all afternoon, so by the evening I have nothing left to do but open the door. Mild in "
        "the pot, chilli on the side.",
        "19:00", 150,
    ),
    Idea(
        "Dinner for people new in town",
        "I moved here knowing nobody, and I remember how long the evenings were. Come and have a "
        "shorter one. Questions are fine; so is only eating.",
        "19:00", 150, 6,
    ),
    Idea(
        "Pasta by hand",
        "Flour, a rolling pin and a floury table. I make the first batch beforehand, so we eat on time "
        "whatever happens.",
        "18:45", 150, 4,
    ),
    Idea(
        "Jollof and everything beside it",
        "The way my aunt makes it, with plantain, beans and a salad. There will be too much, so bring a "
        "box for tomorrow.",
        "19:00", 165, 7,
    ),
    Idea(
        "Beans on toast, done properly",
        "Good bread, slow beans, candles. A small dinner for a tired evening; come in your slippers if "
        "they travel well.",
        "18:30", 105, 3,
    ),
    Idea(
        "Chilli and cornbread",
        "A pot with meat and a pot without. There is a chair by the wall and a chair by the window: "
        "have the one you like.",
        "19:00", 150, 6,
    ),
    Idea(
        "One enormous omelette",
        "Potatoes, onions, whatever the market had. I like cooking for people more than I like talking, "
        "so quiet guests are in good company.",
        "19:15", 120, 4,
    ),
    Idea(
        "A table with no questions",
        "We eat, we pass things along, and nobody has to say what they do for a living. Leave whenever "
        "you have had enough.",
        "19:00", 120,
    ),
    Idea(
        "Dal, rice and three pickles",
        "What I cook when I miss home. With your hands or with a spoon, as you like it.",
        "18:30", 135,
    ),
    Idea(
        "Pancakes for dinner",
        "Savoury ones first, then lemon and sugar. I have been told that this is not a real dinner. "
        "Come and decide.",
        "18:00", 120, 4,
    ),
    Idea(
        "Tagine in the middle",
        "It stands in the middle and we all reach in. I will show you which chair does not wobble.",
        "19:15", 150, 6,
    ),
]  # fmt: skip

SHARED_MEALS = [
    Idea(
        "Everybody brings one thing",
        "A salad, a loaf, a bag of apples. Coming with empty hands is fine: somebody has to taste it "
        "all.",
        "18:30", 150, 8,
    ),
    Idea(
        "The soup we make together",
        "Bring one vegetable, any vegetable. We chop, it simmers, and we eat what comes out.",
        "18:00", 150, 6,
    ),
    Idea(
        "Something you ate as a child",
        "Cook it, buy it, or only bring the story of it. I will make the rice pudding I used to hide "
        "under the table with.",
        "18:30", 150, 7,
    ),
    Idea(
        "Breakfast at supper time",
        "Porridge, eggs, toast, jam. Bring your favourite spread or just your appetite. Pyjamas have "
        "been known.",
        "18:30", 120, 8, COMMUNITY,
    ),
    Idea(
        "Picnic on the blankets",
        "I bring the blankets and a big flask. If the weather minds, we sit in the shelter by the gate.",
        "12:30", 120, 10, PUBLIC, "The shelter by the park gate; look for the yellow blanket",
    ),
    Idea(
        "The big pot",
        "Now and then we push all the tables together. Sit near the door if you like an easy way out; "
        "the washing-up is where people get talking.",
        "18:00", 165, 16, COMMUNITY,
    ),
    Idea(
        "Pizza, and everyone tops their own",
        "The dough is made and the oven is hot. Bring a topping if you can, the stranger the better.",
        "18:30", 150, 6,
    ),
    Idea(
        "Bread, and things to put on it",
        "Two loaves from my oven. You bring cheese, hummus, pickles, or simply yourself.",
        "19:00", 120,
    ),
    Idea(
        "A meal for first times",
        "For anyone who has looked at this page often and never come. I wait at the door well "
        "before we begin, and we go in together.",
        "18:45", 120, 6, COMMUNITY,
    ),
    Idea(
        "A pot of rice and what you bring",
        "I cook the rice. Whatever arrives goes on top. It has always worked out so far.",
        "19:00", 135, 6,
    ),
    Idea(
        "Noodles and a row of bowls",
        "The broth is mine, and there is one without meat. Bring a topping, or borrow from your "
        "neighbour’s.",
        "18:45", 135,
    ),
    Idea(
        "Lunch, unhurried",
        "For everyone whose day has a hole in the middle. Soup is on; add a salad, some fruit, or "
        "nothing at all.",
        "12:30", 105, 8, COMMUNITY,
    ),
    Idea(
        "Small plates, long table",
        "Olives, flatbread, beans, whatever you bring cut small. We pass everything to the left and see "
        "how far it gets.",
        "18:30", 150, 9,
    ),
]  # fmt: skip
