"""The test system of the notebooks: outputs, pictures, widgets, structure, exercises."""
